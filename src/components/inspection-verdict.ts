// A verdict in words: how far a run's network and the same network in float64 are apart. Plain functions: see phase-verify.ts.

import { html, type TemplateResult } from 'lit';
import { type ComparedObservable, TOLERANCE, type Verdict } from '../engine/verify-verdict.ts';
import type { ObservableView } from './diagram-view.ts';
import { valueText } from './inspection-compare.ts';
import { formatNumber } from './numbers.ts';

/** A share as people read it: "0.2 %", "3×10⁻⁵". */
export function shareText(share: number): string {
  return share >= 1e-3 ? `${formatNumber(100 * share, 2)} %` : formatNumber(share, 2);
}

/** "relative kernel change differs by at most 3×10⁻⁵ (relative) at t = 12". */
export function differenceText(row: ComparedObservable, observable: ObservableView, times: readonly number[]): string {
  const { compared, share, difference, frame } = row;
  if (compared === 0) return `${observable.label} has no value to compare`;
  if (difference === 0) return `${observable.label} is the same at all ${compared} checkpoints`;
  const time = `t = ${formatNumber(times[frame] ?? 0)}`;
  if (observable.scale === 'class')
    return `${observable.label} differs at ${difference} of ${compared} checkpoints, first or most clearly at ${time}`;
  if (!Number.isFinite(share)) return `${observable.label} is a number in one of them only at ${time}`;
  const measure = observable.scale === 'log' ? 'relative' : 'of its largest value';
  return `${observable.label} differs by at most ${shareText(share)} (${measure}) at ${time}`;
}

/** The verdict in one sentence. `partial`: the training was stopped before its end. */
export function verdictText({ agrees, observables, outcomes }: Verdict, tolerance: number, partial: boolean): string {
  const compared = observables.filter((row) => row.compared > 0);
  if (compared.length === 0) return 'Nothing could be compared: the run has no value where float64 has one.';
  const sofar = partial ? ' as far as it was trained' : '';
  const beyond = observables.filter(({ within }) => !within).length;
  if (agrees) return `Verified${sofar}: float32 and float64 agree within ${shareText(tolerance)}.`;
  if (beyond === 0)
    return `Not verified: the run ended as ${outcomes.film ?? 'unknown'}, float64 as ${outcomes.float64 ?? 'unknown'}.`;
  return `Not verified${sofar}: ${beyond} of ${compared.length} observables differ by more than their tolerance.`;
}

/** What to make of networks of kinked activations that agree at first and part later, in two sentences; empty for others. */
export function partingText({ observables }: Verdict, tolerance: number, times: readonly number[]): string {
  const left = observables.filter(({ within }) => !within).map((row) => row.left);
  const first = Math.min(...left);
  if (left.length === 0 || tolerance !== TOLERANCE.kinked || first < 2) return '';
  return (
    `Until t = ${formatNumber(times[first - 1])} they agree within ${shareText(tolerance)}. Where rounding puts one unit on the other side ` +
    'of its kink, two trainings part for good: from there on only means over seeds can be compared.'
  );
}

/** Every observable with its largest difference, where, both values and what is allowed. */
export function verdictTable(verdict: Verdict, observables: readonly ObservableView[], times: readonly number[]): TemplateResult {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Largest differences"><table>
    <caption class="unseen">Largest difference of every observable between the run and float64</caption>
    <thead><tr><th scope="col">observable</th><th scope="col">run</th><th scope="col">float64</th><th scope="col">at <span class="symbol">t</span></th><th scope="col">differs</th><th scope="col">allowed</th></tr></thead>
    <tbody>${verdict.observables.map((row) => {
      const observable = observables.find(({ id }) => id === row.id);
      if (observable === undefined) return '';
      const write = (value: number) => valueText(observable, value, (one) => formatNumber(one, 5));
      const share = observable.scale === 'class' ? `${row.difference} of ${row.compared}` : shareText(row.share);
      return html`<tr data-observable=${row.id}><th scope="row">${observable.label}</th><td>${write(row.film)}</td><td>${write(row.float64)}</td>
        <td>${row.frame < 0 ? '–' : formatNumber(times[row.frame])}</td><td class=${row.within ? '' : 'beyond'}>${row.compared === 0 ? '–' : share}${row.within ? '' : ' ≠'}</td><td>${Number.isFinite(row.tolerance) ? shareText(row.tolerance) : 'not judged'}</td></tr>`;
    })}</tbody>
  </table></div>`;
}
