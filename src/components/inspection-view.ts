// The insides of one network, or of two side by side, laid out: matrices, spectra, tables.
// Plain functions: see phase-inspector.ts.

import { html, nothing, type TemplateResult } from 'lit';
import type { MatrixPicture, NetworkPicture } from '../engine/inspect-picture.ts';
import { largestOf } from './inspection-colour.ts';
import { connectivityRows, connectivitySpectrum } from './inspection-spectrum.ts';
import { formatNumber } from './numbers.ts';

/** One network to lay out. */
export interface Side {
  /** Tells it from the other in accessible names; empty where there is one only. */
  readonly name: string;
  readonly heading: TemplateResult;
  readonly picture: NetworkPicture;
}

/** The same matrix of every side, in one scale of colours. */
function matrices(
  sides: readonly Side[],
  pick: (picture: NetworkPicture) => MatrixPicture | null | undefined,
): TemplateResult | typeof nothing {
  const found = sides.map((side) => ({ side, matrix: pick(side.picture) ?? null }));
  if (found.every(({ matrix }) => matrix === null)) return nothing;
  const extent = Math.max(...found.map(({ matrix }) => (matrix === null ? 0 : largestOf(matrix.values))));
  return html`${found.map(
    ({ side, matrix }) => html`<phase-matrix .picture=${matrix} .extent=${extent} heading=${side.name}></phase-matrix>`,
  )}`;
}

function group(title: string, words: unknown, content: unknown, pairs: boolean): TemplateResult {
  return html`<section>
    <h2>${title}</h2>
    ${words === nothing ? nothing : html`<p class="note">${words}</p>`}
    <div class="grid ${pairs ? 'pairs' : ''}">${content}</div>
  </section>`;
}

/** A small table: one row per name, one column per side. */
function numbers(
  sides: readonly Side[],
  caption: string,
  rows: readonly (readonly [string, readonly number[]])[],
): TemplateResult {
  return html`<table class="numbers">
    <caption class=${sides.length > 1 ? '' : 'unseen'}>${caption}</caption>
    ${sides.length > 1 ? html`<thead><tr><th scope="col"><span class="unseen">Quantity</span></th>${sides.map(({ heading }) => html`<th scope="col">${heading}</th>`)}</tr></thead>` : nothing}
    <tbody>${rows.map(
      ([name, values]) =>
        html`<tr><th scope="row">${name}</th>${values.map((value) => html`<td>${formatNumber(value)}</td>`)}</tr>`,
    )}</tbody>
  </table>`;
}

/** Kernels may share a scale with their change, so that a change that is nothing looks like nothing. */
function kernels(sides: readonly Side[]): TemplateResult | typeof nothing {
  const all = sides.flatMap(({ picture: { kernel } }) => (kernel === null ? [] : [kernel]));
  if (all.length === 0) return nothing;
  const extent = Math.max(...all.flatMap(({ now, change }) => [largestOf(now.values), largestOf(change?.values ?? [])]));
  const row = (pick: (kernel: (typeof all)[number]) => MatrixPicture | null) =>
    sides.map(({ name, picture: { kernel } }) => {
      const matrix = kernel === null ? null : pick(kernel);
      return matrix === null ? nothing : html`<phase-matrix .picture=${matrix} .extent=${extent} heading=${name}></phase-matrix>`;
    });
  const { shown, samples } = all[0];
  const trace = all.map(({ trace: value }) => formatNumber(value, 5)).join(' and ');
  const part = shown < samples ? ` The first ${shown} of ${samples} probe samples.` : '';
  const words = html`On the probe set${all[0].now.row === 'probe sample' && all[0].now.rowNames === undefined ? ', samples of one label side by side' : ''}, both in one scale of colours. Trace over samples <span data-trace>${trace}</span>.${part}`;
  return group('Tangent kernel', words, [row(({ now }) => now), row(({ change }) => change)], sides.length > 1);
}

function connectivity(sides: readonly Side[]): TemplateResult | typeof nothing {
  const all = sides.flatMap(({ name, picture: { connectivity: own } }) => (own === null ? [] : [{ name, own }]));
  if (all.length === 0) return nothing;
  const tables = connectivityRows(all[0].own).map(
    ([label], r) => [label, all.map(({ own }) => connectivityRows(own)[r][1])] as const,
  );
  return group(
    'Connectivity',
    'Of the recurrent weights, which stand below as a matrix: row = target, column = source.',
    [all.map(({ name, own }) => connectivitySpectrum(own, name)), numbers(sides, 'Effective ranks', tables)],
    sides.length > 1,
  );
}

function layers(sides: readonly Side[]): TemplateResult {
  const most = Math.max(...sides.map(({ picture }) => picture.layers.length));
  const content = Array.from({ length: most }, (_, l) => matrices(sides, (picture) => picture.layers[l]?.weights));
  const rows = Array.from({ length: most }, (_, l) => l).flatMap((l) => {
    const of = (pick: (layer: NetworkPicture['layers'][number]) => number) =>
      sides.map(({ picture }) => (picture.layers[l] === undefined ? Number.NaN : pick(picture.layers[l])));
    const name = sides[0].picture.layers[l]?.weights.symbol ?? `layer ${l + 1}`;
    return [
      [`‖${name}‖`, of(({ norm }) => norm)],
      [`largest singular value of ${name}`, of(({ singularValues }) => singularValues[0] ?? Number.NaN)],
      [`stable rank of ${name}`, of(({ stableRank }) => stableRank)],
    ] as const;
  });
  return html`${group('Weights', nothing, content, sides.length > 1)}${numbers(sides, 'Sizes and effective ranks of the weights', rows)}`;
}

/** Everything inside the networks, the most telling first. */
export function sidesHtml(sides: readonly Side[]): TemplateResult | typeof nothing {
  if (sides.length === 0) return nothing;
  const several = sides.length > 1;
  const similar = Math.max(...sides.map(({ picture }) => picture.similarity.length));
  return html`
    ${several ? html`<div class="grid pairs heads">${sides.map(({ heading }) => html`<p>${heading}</p>`)}</div>` : nothing}
    ${sides.some(({ picture }) => !picture.finite) ? html`<p>Some weights are no longer finite: what is computed from them is left out.</p>` : nothing}
    ${kernels(sides)}
    ${
      similar === 0
        ? nothing
        : group(
            'Representation',
            'Scalar products between what the network makes of the probe samples.',
            Array.from({ length: similar }, (_, k) => matrices(sides, (picture) => picture.similarity[k])),
            several,
          )
    }
    ${connectivity(sides)}
    ${layers(sides)}
  `;
}
