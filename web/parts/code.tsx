// A document as it is: JSON with its names told apart from its values, scrolling in its own box, copied with one click.
import { CopyButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { t } from '../words/index.ts';
import { Icon } from './icon.tsx';
import './parts.css';

export function Code({
  value,
  label,
  height = 420,
}: {
  readonly value: unknown;
  /** What this is, for people who cannot see it. */
  readonly label?: string;
  readonly height?: number;
}) {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
  return (
    <div className="cd-code">
      <CopyButton value={text} timeout={1_500}>
        {({ copied, copy }) => (
          <button
            type="button"
            className="cd-copy"
            onClick={copy}
            aria-label={copied ? t('shell.copied') : `${t('shell.copy')} ${label ?? ''}`.trim()}
          >
            <Icon name={copied ? 'check' : 'copy'} size={15} />
          </button>
        )}
      </CopyButton>
      {/* A scrolling region must be reachable by keyboard. */}
      <section tabIndex={0} aria-label={label ?? t('shell.document')} style={{ maxHeight: height }}>
        <pre>{typeof value === 'string' ? text : coloured(text)}</pre>
      </section>
    </div>
  );
}

const token = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

/** Long documents stay plain: colouring a megabyte would make the page stutter. */
function coloured(text: string): ReactNode {
  if (text.length > 60_000) return text;
  const out: ReactNode[] = [];
  let from = 0;
  for (const match of text.matchAll(token)) {
    const [whole, quoted, colon, figure] = match;
    out.push(text.slice(from, match.index));
    const kind = quoted ? (colon ? 'name' : 'text') : figure ? 'figure' : 'word';
    out.push(
      <span key={match.index} className={`cd-code-${kind}`}>
        {quoted ?? whole}
      </span>,
      colon ?? '',
    );
    from = match.index + whole.length;
  }
  out.push(text.slice(from));
  return out;
}
