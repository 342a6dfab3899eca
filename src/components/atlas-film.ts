// Beside the film of training: one frame back or on, how fast it plays, and whether it begins again.
// Plain function: see phase-diagram.ts.

import { html, type TemplateResult } from 'lit';
import type { PhaseFilm } from './phase-film.ts';

/** Speeds that are offered, times the usual one. */
const SPEEDS = [0.25, 0.5, 1, 2, 4] as const;

/** The film whose tools an event comes from. */
function filmOf(event: Event): PhaseFilm | null {
  return (event.currentTarget as Element).parentElement?.parentElement?.querySelector<PhaseFilm>('phase-film') ?? null;
}

function change(event: Event, part: (film: PhaseFilm) => void): void {
  const film = filmOf(event);
  if (film !== null) part(film);
}

/** Stands next to a <phase-film>; nothing else holds what is chosen here. */
export function atlasFilmTools(frame: number, last: number): TemplateResult {
  const speed = (event: Event) =>
    change(event, (film) => {
      film.speed = Number((event.target as HTMLSelectElement).value);
    });
  const loop = (event: Event) =>
    change(event, (film) => {
      film.loop = (event.currentTarget as HTMLElement).getAttribute('aria-pressed') !== 'true';
      (event.currentTarget as HTMLElement).setAttribute('aria-pressed', String(film.loop));
    });
  return html`<div class="film-tools" role="group" aria-label="Film">
    <button class="plain" data-back ?disabled=${frame <= 0} @click=${(event: Event) => change(event, (film) => film.step(-1))}>Back</button>
    <button class="plain" data-forward ?disabled=${frame >= last} @click=${(event: Event) => change(event, (film) => film.step(1))}>Forward</button>
    <select data-speed aria-label="Speed of the film" @change=${speed}>${SPEEDS.map(
      (one) => html`<option value=${one} ?selected=${one === 1}>${one === 0.25 ? '¼' : one === 0.5 ? '½' : one}×</option>`,
    )}</select>
    <button class="plain" data-loop aria-pressed="false" @click=${loop}>Loop</button>
  </div>`;
}
