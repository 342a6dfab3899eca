// Looks of buttons, selects and inputs, shared by all elements that have some. Apart from theme.ts, so that a
// viewer does not carry them.

import { css } from 'lit';

/** Buttons, selects and inputs: text until they are needed. */
export const controls = css`
  button,
  select,
  input {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
    accent-color: var(--_ink);
  }
  button {
    padding: 0.3rem 0.7rem;
    border: 1px solid var(--_hairline);
    border-radius: 1rem;
    background: none;
    cursor: pointer;
  }
  button:hover {
    border-color: var(--_muted);
  }
  button:disabled {
    color: var(--_muted);
    cursor: default;
    opacity: 0.6;
  }
  button.primary {
    border-color: var(--_ink);
    background: var(--_ink);
    color: var(--_paper);
  }
  button.plain {
    /* At least 24 px to hit. */
    min-width: 1.5rem;
    min-height: 1.5rem;
    padding: 0;
    border: 0;
    border-radius: 2px;
    color: var(--_muted);
    text-decoration: underline;
    text-decoration-color: var(--_hairline);
    text-underline-offset: 0.25em;
  }
  button.plain:hover,
  button.plain[aria-expanded='true'] {
    color: var(--_ink);
    text-decoration-color: currentcolor;
  }
  button.plain[aria-expanded='true'] {
    text-decoration-thickness: 2px;
  }
  select,
  input:not([type='range'], [type='checkbox']) {
    min-width: 0;
    height: 1.9rem;
    min-height: 1.5rem;
    padding: 0 0.1rem;
    border: 0;
    /* Where to type must be seen: 3 : 1 against the paper. */
    border-bottom: 1px solid var(--_muted);
    border-radius: 0;
    background: var(--_paper);
  }
  select:hover,
  input:hover {
    border-color: var(--_ink);
  }
  input[type='range'],
  summary {
    min-height: 1.5rem;
  }
  label:has(> input[type='checkbox'], > input[type='radio']) {
    display: inline-flex;
    align-items: center;
    gap: 0.35rem;
    min-height: 1.5rem;
  }
  @media (forced-colors: active) {
    button.primary {
      forced-color-adjust: none;
      border-color: ButtonText;
      background: ButtonText;
      color: ButtonFace;
    }
    button:disabled {
      opacity: 1;
    }
  }
  @media (pointer: coarse) {
    button:not(.plain, .term) {
      min-height: 2.5rem;
    }
    select,
    input:not([type='range'], [type='checkbox']) {
      min-height: 2.5rem;
      font-size: 1rem;
    }
  }
`;
