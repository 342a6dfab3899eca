// Puts explanations on the page: words, formulas as MathML, terms that open what the glossary says of them.
// Loads formulas on demand.

import { css, html, type TemplateResult } from 'lit';
import { GLOSSARY, type Term } from '../words/glossary.ts';
import { loadFormulas, type MathTree, partsOf } from '../words/text.ts';

export type Formulas = Readonly<Record<string, MathTree>>;

const MATHML = 'http://www.w3.org/1998/Math/MathML';

/** Elements of a tree; by the object model, because nothing on this page is parsed as markup. */
function elementOf(tree: MathTree): Node {
  if (typeof tree === 'string') return document.createTextNode(tree);
  const [tag, attributes, ...children] = tree;
  const element = document.createElementNS(MATHML, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.map(elementOf));
  return element;
}

let loading: Promise<Formulas> | null = null;

/** All formulas, fetched once; none where they cannot be had, and TeX stands in their place. */
export function formulas(): Promise<Formulas> {
  loading ??= loadFormulas().catch(() => ({}));
  return loading;
}

/** One formula; its TeX until the formulas are there. */
function formula(tex: string, all: Formulas | null): unknown {
  const tree = all !== null && Object.hasOwn(all, tex) ? all[tex] : undefined;
  return tree === undefined ? html`<code>${tex}</code>` : elementOf(tree);
}

const termOf = (id: string): Term | undefined => GLOSSARY.find((term) => term.id === id);

/** Words with formulas; terms are plain words where `open` is left out. Makes new elements at every call. */
export function wordsHtml(text: string, all: Formulas | null, open?: (event: Event, term: Term) => void): TemplateResult[] {
  return partsOf(text).map((part) => {
    if (part.kind === 'words') return html`${part.text}`;
    if (part.kind === 'formula') return html`${formula(part.tex, all)}`;
    const term = termOf(part.term);
    if (term === undefined || open === undefined) return html`${part.text}`;
    return html`<button class="term" data-term=${term.id} aria-haspopup="dialog" @click=${(event: Event) => open(event, term)}>${part.text}</button>`;
  });
}

/** What the glossary says of one term. */
export function termHtml({ words, source, url }: Term, all: Formulas | null): TemplateResult {
  return html`${wordsHtml(words, all)} <a href=${url} rel="noreferrer" target="_blank">${source}</a>`;
}

/** Formulas, sources and terms. */
export const wordsStyles = css`
  math {
    font-size: 1.06em;
  }
  code {
    font: inherit;
  }
  a {
    color: var(--_muted);
    text-decoration-color: var(--_hairline);
    text-underline-offset: 0.25em;
    white-space: nowrap;
  }
  a:hover {
    color: var(--_ink);
    text-decoration-color: currentcolor;
  }
  button.term {
    min-height: 0;
    padding: 0;
    border: 0;
    border-radius: 2px;
    text-decoration: underline dotted;
    text-decoration-color: var(--_muted);
    text-underline-offset: 0.25em;
  }
  button.term:hover {
    text-decoration-style: solid;
  }
`;
