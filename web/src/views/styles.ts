// Rules that all views share.
import { css } from "lit";

export const shared = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    font: var(--ps-ui);
    color: var(--ps-text);
    font-variant-numeric: tabular-nums;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  button,
  input {
    font: inherit;
    color: inherit;
    font-variant-numeric: inherit;
  }
  button {
    border: 0;
    background: none;
    padding: 0;
    text-align: inherit;
    cursor: pointer;
  }
  button:disabled {
    cursor: default;
    opacity: 0.45;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  svg {
    display: block;
    flex: none;
  }
  .icon {
    width: 16px;
    height: 16px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  :focus-visible {
    outline: 2px solid var(--ps-accent);
    outline-offset: 2px;
  }
  .button {
    position: relative;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-height: 32px;
    padding: 0 12px;
    border: 1px solid var(--ps-line);
    border-radius: var(--ps-r);
    background: var(--ps-field);
    font-weight: 500;
    white-space: nowrap;
  }
  .button:hover:not(:disabled) {
    background: linear-gradient(var(--ps-hover), var(--ps-hover)) var(--ps-field);
  }
  .button:active:not(:disabled) {
    background: linear-gradient(var(--ps-press), var(--ps-press)) var(--ps-field);
  }
  .button.primary {
    background: var(--ps-accent);
    border-color: var(--ps-accent);
    color: var(--ps-on-accent);
  }
  .button.quiet {
    border-color: transparent;
    background: none;
    color: var(--ps-text-2);
  }
  .button.square {
    width: 32px;
    padding: 0;
    color: var(--ps-text-2);
  }
  .button.square:hover {
    color: var(--ps-text);
  }
  /* drawn 32 high, hit at 36 */
  .button::after {
    content: "";
    position: absolute;
    inset: -2px 0;
  }
  .link {
    color: var(--ps-accent);
    font-weight: 500;
    min-height: 24px;
    padding: 0 4px;
    border-radius: 4px;
  }
  .link:hover {
    text-decoration: underline;
  }
  .dim {
    color: var(--ps-text-2);
  }
  .label {
    font: var(--ps-label);
    color: var(--ps-text-2);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (pointer: coarse) {
    .button {
      min-height: 40px;
    }
    .button.square {
      width: 40px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;
