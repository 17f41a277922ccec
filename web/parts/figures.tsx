// Money, numbers and moments as elements: figures of equal width, and the exact moment behind a short one.
import { useEffect, useState } from 'react';
import { ago, exactMoment, minorText, moment, money, shortMoment } from '../words/index.ts';

/** Exact money from minor units, or from decimal text. */
export const Money = ({
  minor,
  amount,
  currency,
}: {
  readonly minor?: unknown;
  readonly amount?: string | null | undefined;
  readonly currency: string | null | undefined;
}) => <span className="cd-number">{money(amount ?? minorText(minor, currency), currency)}</span>;

export function Moment({
  at,
  form = 'moment',
}: {
  readonly at: string | Date | null | undefined;
  readonly form?: 'moment' | 'short' | 'ago' | 'exact';
}) {
  const minute = useMinute(form === 'ago');
  if (!at) return <span>–</span>;
  const text =
    form === 'ago'
      ? ago(at, minute)
      : form === 'short'
        ? shortMoment(at)
        : form === 'exact'
          ? exactMoment(at)
          : moment(at);
  return (
    <time dateTime={new Date(at).toISOString()} title={exactMoment(at)} className="cd-number">
      {text}
    </time>
  );
}

/** “3 minutes ago” moves on by itself. */
function useMinute(wanted: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!wanted) return;
    const timer = setInterval(() => setNow(Date.now()), 15_000);
    return () => clearInterval(timer);
  }, [wanted]);
  return now;
}
