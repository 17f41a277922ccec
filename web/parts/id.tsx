// An id that can be copied with one click, and opened where it lives.
import { CopyButton, Tooltip } from '@mantine/core';
import { t } from '../words/index.ts';
import { Icon } from './icon.tsx';
import { OutLink } from './link.tsx';
import './parts.css';

export function Id({
  value,
  href,
  short,
}: {
  readonly value: string | null | undefined;
  /** Where the thing lives in the other system. */
  readonly href?: string | undefined;
  /** What is shown when the id itself is too long for its place. */
  readonly short?: string;
}) {
  if (!value) return <span>–</span>;
  return (
    <span className="cd-id">
      {href ? (
        <OutLink href={href} inherit>
          {short ?? value}
        </OutLink>
      ) : (
        <span title={short ? value : undefined}>{short ?? value}</span>
      )}
      <CopyButton value={value} timeout={1_500}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('shell.copied') : t('shell.copy')}>
            <button
              type="button"
              className="cd-copy"
              onClick={copy}
              aria-label={copied ? t('shell.copied') : `${t('shell.copy')} ${value}`}
            >
              <Icon name={copied ? 'check' : 'copy'} size={14} />
            </button>
          </Tooltip>
        )}
      </CopyButton>
    </span>
  );
}
