// The eigenvalues of a connectivity in the complex plane with the unit circle, and its effective ranks in
// numbers. A plain function.

import { html, svg, type TemplateResult } from 'lit';
import type { ConnectivityPicture } from '../analysis/connectivity-picture.ts';
import { formatNumber, spokenNumber } from './numbers.ts';

/** Half the side of the drawing, in its own units. */
const HALF = 100;
/** Room around the outermost eigenvalue or the circle. */
const MARGIN = 1.08;

/** Points of the drawing by eigenvalue, and the radius of the unit circle. */
export function spectrumPoints({ real, imaginary, spectralRadius }: ConnectivityPicture): {
  readonly circle: number;
  readonly points: readonly (readonly [number, number])[];
} {
  const unit = HALF / (MARGIN * Math.max(1, spectralRadius));
  return { circle: unit, points: Array.from(real, (re, n) => [unit * re, -unit * imaginary[n]] as const) };
}

/** The numbers of a connectivity, as rows of a table. */
export function connectivityRows(picture: ConnectivityPicture): readonly (readonly [string, number])[] {
  return [
    ['spectral radius', picture.spectralRadius],
    ['Frobenius norm', picture.frobeniusNorm],
    ['largest singular value', picture.singularValues[0]],
    ['rank', picture.rank],
    ['stable rank', picture.stableRank],
    ['participation ratio', picture.participationRatio],
    ['entropy rank', picture.entropyRank],
  ];
}

export function connectivitySpectrum(picture: ConnectivityPicture, heading: string): TemplateResult {
  const { circle, points } = spectrumPoints(picture);
  const outside = points.filter(([x, y]) => Math.hypot(x, y) > circle * (1 + 1e-9)).length;
  const words =
    `${heading === '' ? '' : `${heading}: `}eigenvalues of the recurrent weights in the complex plane: spectral radius ` +
    `${spokenNumber(picture.spectralRadius)}, ${outside} of ${points.length} outside the unit circle`;
  return html`<figure part="spectrum">
    <figcaption>eigenvalues of <span class="symbol">W</span> and the unit circle</figcaption>
    <svg class="plane" viewBox="${-HALF} ${-HALF} ${2 * HALF} ${2 * HALF}" role="img" aria-label=${words}>
      <line class="axis" x1=${-HALF} y1="0" x2=${HALF} y2="0" /><line class="axis" x1="0" y1=${-HALF} x2="0" y2=${HALF} />
      <circle class="unit" cx="0" cy="0" r=${circle} />
      ${points.map(([x, y]) => svg`<circle class="point" cx=${x.toFixed(2)} cy=${y.toFixed(2)} r="1.8" />`)}
    </svg>
    <p class="said">spectral radius ${formatNumber(picture.spectralRadius)}; ${outside} of ${points.length} outside the circle</p>
  </figure>`;
}
