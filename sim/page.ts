// How do the simulators show a page to a person? Plain HTML without scripts from elsewhere; every value is escaped.
import type { Answer } from './http.ts';

export const escapeHtml = (text: unknown): string =>
  String(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** A page of a simulated vendor; it says plainly that it is one. */
export function page(options: {
  readonly vendor: string;
  readonly title: string;
  readonly colour: string;
  readonly main: string;
  readonly status?: number;
}): Answer {
  const { vendor, title, colour, main } = options;
  return {
    status: options.status ?? 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} – ${escapeHtml(vendor)}</title><style>
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0}header{background:${colour};color:#fff;padding:.75rem 1rem}
header small{display:block}main{max-width:46rem;margin:0 auto;padding:1rem}section{border:1px solid #8884;border-radius:8px;padding:1rem;margin:1rem 0}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:0}code{overflow-wrap:anywhere;font-size:.9em}dt{font-weight:600}dd{margin:0 0 .6rem}
button,.button{font:inherit;padding:.5rem 1rem;border-radius:6px;border:1px solid #8888;cursor:pointer;background:#1a5fb4;color:#fff;text-decoration:none;display:inline-block}
textarea{width:100%;box-sizing:border-box;min-height:8rem;font:13px/1.4 monospace}label{display:block;margin:.4rem 0}table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #8884}.error{color:#c01c28;font-weight:600}.done{color:#26803b;font-weight:600}
</style></head><body><header><strong>${escapeHtml(vendor)}</strong><small>Simulated for practice. Nothing here is real.</small></header><main><h1>${escapeHtml(title)}</h1>${main}</main></body></html>`,
  };
}

/** Fields of a form that was sent. */
export const formOf = (body: Buffer): URLSearchParams => new URLSearchParams(body.toString('utf8'));
