// The four numbers one looks at first: orders, time to NetSuite, shipments at risk, parked.
import { Text } from '@mantine/core';
import type { Overview } from '../../../src/api/contract/overview.ts';
import { PlainLink, type Search } from '../../parts/link.tsx';
import { count, duration, percent, t } from '../../words/index.ts';

export function Figures({ overview }: { readonly overview: Overview }) {
  const { orders, latency, atRisk, dayStart } = overview;
  const parked = overview.states.filter((row) => row.state === 'parked').reduce((sum, row) => sum + row.n, 0);
  return (
    <div className="cd-figures">
      <Figure
        title={t('overview.ordersToday')}
        value={count(orders.today)}
        search={{ placedFrom: dayStart }}
        hint={compared(orders.today, orders.usualByNow)}
      />
      <Figure
        title={t('overview.saleToErp')}
        value={duration(latency.today.median)}
        search={{ doneFrom: dayStart }}
        hint={times(latency)}
        explained={t('overview.saleToErpHint')}
      />
      <Figure
        title={t('overview.atRisk')}
        value={count(atRisk.soon)}
        tone={atRisk.overdue > 0 ? 'bad' : undefined}
        search={{ atRisk: true }}
        hint={
          atRisk.overdue > 0
            ? `${t('overview.atRiskHint')} · ${t('overview.overdue', { count: atRisk.overdue })}`
            : t('overview.atRiskHint')
        }
      />
      <Figure
        title={t('overview.parked')}
        value={count(parked)}
        tone={parked > 0 ? 'bad' : undefined}
        search={{ state: 'parked' }}
        hint={
          parked > 0
            ? t('overview.causes', { count: overview.causes.filter((one) => one.n > 0).length })
            : t('overview.nothingParked')
        }
      />
    </div>
  );
}

const times = ({ today, lastWeek }: Overview['latency']): string =>
  [
    today.p95 === null ? t('overview.noneToday') : t('overview.p95Today', { time: duration(today.p95) }),
    ...(lastWeek.median === null ? [] : [t('overview.lastWeek', { time: duration(lastWeek.median) })]),
  ].join(' · ');

function compared(today: number, usual: number | null): string {
  if (usual === null || usual === 0) return t('overview.noUsual');
  const share = today / usual - 1;
  if (Math.abs(share) < 0.05) return t('overview.asUsual');
  return share > 0
    ? t('overview.aboveUsual', { share: percent(share) })
    : t('overview.belowUsual', { share: percent(-share) });
}

function Figure({
  title,
  value,
  hint,
  search,
  tone,
  explained,
}: {
  readonly title: string;
  readonly value: string;
  readonly hint: string;
  readonly search: Search;
  readonly tone?: 'bad' | undefined;
  readonly explained?: string;
}) {
  return (
    <PlainLink to="/records" search={search} className="cd-figure">
      <Text size="sm" c="dimmed" title={explained}>
        {title}
      </Text>
      <span className="cd-figure-value cd-number" data-tone={tone}>
        {value}
      </span>
      <Text size="xs" c="dimmed">
        {hint}
      </Text>
    </PlainLink>
  );
}
