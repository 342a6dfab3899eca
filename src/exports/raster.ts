// Pictures that only a browser can make: a figure as PNG, a film as WebM or as a zip of PNG frames.
// The figures are figure-svg.ts's.

import { zipSync } from 'fflate';
import { InputError } from '../core/errors.ts';
import type { FigureDrawing } from './figure-drawing.ts';
import { figureSvg } from './figure-svg.ts';

/** Pixels of the file to one CSS pixel. */
const SCALE = 2;
const FRAMES_PER_SECOND = 6;
/** Frames that a film stands still at its end. */
const REST = 6;
const MTIME = new Date('1980-01-01T00:00:00');
const RECORDINGS = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm'] as const;

function canvasOf(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

async function paint(drawing: FigureDrawing, canvas: HTMLCanvasElement | null): Promise<HTMLCanvasElement> {
  const { svg, width, height } = figureSvg(drawing);
  const image = new Image(width * SCALE, height * SCALE);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const target = canvas ?? canvasOf(width * SCALE, height * SCALE);
  const context = target.getContext('2d');
  if (context === null) throw new InputError('picture', 'expected a canvas to draw on, got none', 'Download the SVG instead.');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, target.width, target.height);
  context.drawImage(image, 0, 0, width * SCALE, height * SCALE);
  return target;
}

function pngBlob(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new InputError('picture', 'expected a PNG of the canvas, got none', 'Download the SVG instead.'));
      else resolve(blob);
    }, 'image/png');
  });
}

/** The figure as PNG, two pixels to one CSS pixel. */
export async function figurePng(drawing: FigureDrawing): Promise<Blob> {
  return pngBlob(await paint(drawing, null));
}

/** Frames of a film as a zip of PNG files `frame-00.png`, … */
export async function framesZip(frames: readonly FigureDrawing[], signal?: AbortSignal): Promise<Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  const digits = Math.max(2, String(frames.length - 1).length);
  for (const [i, frame] of frames.entries()) {
    signal?.throwIfAborted();
    const blob = await figurePng(frame);
    files[`frame-${String(i).padStart(digits, '0')}.png`] = new Uint8Array(await blob.arrayBuffer());
  }
  // PNG files are folded already.
  return zipSync(files, { level: 0, mtime: MTIME });
}

/** Kind of film that this browser records; null where it records none. */
function recordingType(): string | null {
  if (typeof MediaRecorder === 'undefined' || !('captureStream' in HTMLCanvasElement.prototype)) return null;
  return RECORDINGS.find((type) => MediaRecorder.isTypeSupported(type)) ?? null;
}

/** The film as WebM, in real time: about a sixth of a second per frame. Throws InputError where the browser records none. */
export async function filmWebm(frames: readonly FigureDrawing[], signal?: AbortSignal): Promise<Blob> {
  const mimeType = recordingType();
  if (mimeType === null || frames.length === 0) {
    throw new InputError(
      'film',
      'expected a browser that records WebM, got another',
      'Download the frames as a zip of PNG files.',
    );
  }
  const sizes = frames.map((frame) => figureSvg(frame).height);
  const canvas = canvasOf(figureSvg(frames[0]).width * SCALE, Math.max(...sizes) * SCALE);
  await paint(frames[0], canvas);
  const recorder = new MediaRecorder(canvas.captureStream(2 * FRAMES_PER_SECOND), { mimeType, videoBitsPerSecond: 6_000_000 });
  const pieces: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => pieces.push(data));
  const stopped = new Promise<void>((resolve, reject) => {
    recorder.addEventListener('stop', () => resolve());
    recorder.addEventListener('error', () =>
      reject(new InputError('film', 'expected a recording, got an error of the browser', '')),
    );
  });
  recorder.start();
  try {
    for (const frame of [...frames, ...new Array<FigureDrawing>(REST).fill(frames[frames.length - 1])]) {
      signal?.throwIfAborted();
      await paint(frame, canvas);
      await new Promise((resolve) => setTimeout(resolve, 1000 / FRAMES_PER_SECOND));
    }
  } finally {
    recorder.stop();
    await stopped;
  }
  return new Blob(pieces, { type: 'video/webm' });
}
