import { css } from "lit";

/** How the start page looks. */
export const galleryStyles = css`
  :host {
    background: var(--ps-page);
  }
  .page {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 296px;
    gap: 32px;
    max-width: 1376px;
    margin: 0 auto;
    padding: 32px;
  }
  header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 16px;
  }
  h2 {
    font: var(--ps-display);
    outline: none;
  }
  .lead {
    font-size: 15px;
    color: var(--ps-text-2);
    margin: 2px 0 20px;
  }
  h3 {
    font: var(--ps-title);
    margin: 24px 0 10px;
  }
  aside h3 {
    margin: 0 0 8px;
  }
  .large {
    display: grid;
    grid-template-columns: repeat(3, minmax(0, 1fr));
    gap: 24px;
  }
  .small {
    display: grid;
    grid-template-columns: repeat(3, minmax(0, 1fr));
    gap: 16px 24px;
  }
  .card {
    position: relative;
    display: flex;
    flex-direction: column;
    width: 100%;
    height: 100%;
    border: 1px solid var(--ps-line);
    border-radius: var(--ps-r-panel);
    background: var(--ps-page);
    overflow: hidden;
  }
  .card:hover {
    border-color: var(--ps-accent);
  }
  .card:focus-within:has(.text:focus-visible) {
    outline: 2px solid var(--ps-accent);
    outline-offset: 2px;
  }
  article.card ps-card-picture {
    height: 236px;
    border-bottom: 1px solid var(--ps-line);
  }
  article .text {
    flex: 1;
  }
  .text {
    display: flex;
    flex-direction: column;
    gap: 2px;
    padding: 12px 16px 14px;
    text-align: left;
    outline: none;
  }
  article .text::before {
    content: "";
    position: absolute;
    inset: 0;
  }
  .text b {
    font-weight: 600;
  }
  .text span,
  .text small {
    color: var(--ps-text-2);
  }
  .text small {
    font: var(--ps-label);
    margin-top: auto;
    padding-top: 6px;
    min-height: 22px;
  }
  .row {
    display: grid;
    grid-template-columns: 38% minmax(0, 1fr);
    min-height: 96px;
  }
  .row ps-card-picture {
    border-right: 1px solid var(--ps-line);
  }
  .row .text {
    padding: 12px 14px;
    align-self: start;
  }
  .row .text span {
    font: var(--ps-label);
  }
  .new {
    flex-direction: row;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: 96px;
    border-style: dashed;
    color: var(--ps-accent);
    font-weight: 600;
  }
  aside {
    display: flex;
    flex-direction: column;
    gap: 28px;
    padding-top: 4px;
  }
  .drop {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 4px;
    padding: 20px 16px;
    border: 1px dashed var(--ps-line-strong);
    border-radius: var(--ps-r-panel);
    background: var(--ps-panel);
    text-align: center;
  }
  .drop > .icon {
    width: 24px;
    height: 24px;
    color: var(--ps-accent);
  }
  .drop h3 {
    margin: 4px 0 0;
    font-size: 14px;
    line-height: 20px;
  }
  .drop .button {
    margin-top: 8px;
  }
  .recent button {
    display: flex;
    align-items: center;
    gap: 10px;
    width: 100%;
    min-height: 40px;
    border-bottom: 1px solid var(--ps-line-soft);
  }
  .recent button:hover span {
    color: var(--ps-accent);
  }
  .recent .icon,
  .recent small {
    color: var(--ps-text-2);
  }
  .recent small {
    font: var(--ps-label);
    margin-left: auto;
    white-space: nowrap;
  }
  .recent span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .learn {
    display: grid;
    gap: 8px;
    justify-items: start;
  }
  .learn a {
    color: var(--ps-accent);
  }
  .link-field {
    display: flex;
    gap: 8px;
  }
  .link-field input {
    flex: 1;
    min-width: 0;
    height: 36px;
    padding: 0 10px;
    border: 1px solid var(--ps-edge);
    border-radius: var(--ps-r);
    background: var(--ps-field);
  }
  .link-field .square {
    width: 36px;
    min-height: 36px;
  }
  @media (max-width: 1099px) {
    .page {
      grid-template-columns: minmax(0, 1fr);
      padding: 24px;
    }
    aside {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(260px, 1fr));
    }
    .small {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
  @media (max-width: 719px) {
    .page {
      padding: 20px 16px;
      gap: 24px;
    }
    header {
      flex-wrap: wrap-reverse;
      justify-content: flex-start;
    }
    h2 {
      font-size: 24px;
      line-height: 32px;
    }
    .large,
    .small {
      grid-template-columns: minmax(0, 1fr);
      gap: 12px;
    }
    article.card ps-card-picture {
      height: 200px;
    }
  }
`;
