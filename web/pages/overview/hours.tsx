// Orders by channel and hour, today against a usual day: a chart where people look, a table where they read.
import { ActionIcon, Group, ScrollArea, Table, Text, Tooltip } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import type { Overview } from '../../../src/api/contract/overview.ts';
import { Icon } from '../../parts/icon.tsx';
import { PageLink, PlainLink } from '../../parts/link.tsx';
import { useMarketplaces } from '../../parts/marketplaces.ts';
import { Panel } from '../../parts/panel.tsx';
import { count, hour, t } from '../../words/index.ts';

interface Channel {
  readonly id: string | null;
  readonly name: string;
}
interface Hour {
  readonly hour: number;
  readonly from: Date;
  readonly to: Date;
  readonly today: readonly number[];
  readonly sum: number;
  readonly usual: number | null;
}
/** Colours that are told apart in both themes, also by people who do not see red and green; further channels share the last. */
const colours = ['#4263eb', '#e8890c', '#12a17e', '#b5409b', '#7a8290'];
const colourOf = (index: number): string => colours[Math.min(index, colours.length - 1)]!;

export function Hours({ overview }: { readonly overview: Overview }) {
  const [form, setForm] = useLocalStorage<'chart' | 'table'>({
    key: 'crossdock.hours',
    defaultValue: 'chart',
    getInitialValueInEffect: false,
  });
  const nameOf = useMarketplaces();
  const channels = channelsOf(overview, nameOf);
  const hours = hoursOf(overview, channels);
  const other = form === 'chart' ? 'table' : 'chart';
  const label = t(other === 'table' ? 'overview.asTable' : 'overview.asChart');
  return (
    <Panel
      title={t('overview.byHour')}
      aside={
        <Group gap="sm">
          <Legend channels={channels} weeks={overview.comparedWeeks} />
          <Tooltip label={label}>
            <ActionIcon aria-label={label} onClick={() => setForm(other)}>
              <Icon name={other} />
            </ActionIcon>
          </Tooltip>
        </Group>
      }
    >
      {form === 'chart' ? <Chart hours={hours} /> : <HoursTable hours={hours} channels={channels} />}
    </Panel>
  );
}

/** The channels of today or of the usual day, the busiest first. */
function channelsOf(overview: Overview, nameOf: (id: string | null) => string): readonly Channel[] {
  const weights = new Map<string | null, number>();
  for (const row of overview.hours)
    weights.set(row.marketplace, (weights.get(row.marketplace) ?? 0) + row.today + (row.usual ?? 0));
  return [...weights]
    .sort(([, a], [, b]) => b - a)
    .map(([id]) => ({ id, name: id === null ? t('overview.otherChannel') : nameOf(id) }));
}

function hoursOf(overview: Overview, channels: readonly Channel[]): readonly Hour[] {
  const start = new Date(overview.dayStart);
  return Array.from({ length: 24 }, (_, index) => {
    const rows = overview.hours.filter((row) => row.hour === index);
    // Through the calendar, not by adding hours: two days a year have 23 or 25.
    const at = (one: number) => new Date(start.getFullYear(), start.getMonth(), start.getDate(), one);
    const today = channels.map(({ id }) =>
      rows.filter((row) => row.marketplace === id).reduce((sum, row) => sum + row.today, 0),
    );
    return {
      hour: index,
      from: at(index),
      to: at(index + 1),
      today,
      sum: today.reduce((a, b) => a + b, 0),
      usual: overview.comparedWeeks === 0 ? null : rows.reduce((sum, row) => sum + (row.usual ?? 0), 0),
    };
  });
}

const Legend = ({ channels, weeks }: { readonly channels: readonly Channel[]; readonly weeks: number }) => (
  <Group gap="sm" component="ul" m={0} p={0} style={{ listStyle: 'none' }} fz="xs" c="dimmed">
    {channels.slice(0, 5).map((channel, index) => (
      <li key={channel.id ?? ''} className="cd-legend">
        <span style={{ background: colourOf(index) }} />
        {channel.name}
      </li>
    ))}
    {weeks > 0 && (
      <li className="cd-legend">
        <span className="cd-legend-usual" />
        {t('overview.usualOf', { count: weeks })}
      </li>
    )}
  </Group>
);

const roundUp = (value: number): number => {
  const step = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return Math.max(4, Math.ceil(value / step) * step);
};

function Chart({ hours }: { readonly hours: readonly Hour[] }) {
  const top = roundUp(Math.max(...hours.map((one) => Math.max(one.sum, one.usual ?? 0))));
  const share = (value: number) => `${(100 * value) / top}%`;
  const said = (one: Hour) =>
    t('overview.hourIs', {
      hour: hour(one.from),
      count: one.sum,
      usual: one.usual === null ? '–' : count(Math.round(one.usual)),
    });
  const busy = hours.filter((one) => one.sum > 0);
  return (
    <figure className="cd-chart" aria-label={busy.map(said).join('. ') || t('overview.byHour')}>
      <div className="cd-chart-scale" aria-hidden="true">
        <span>{count(top)}</span>
        <span>{count(top / 2)}</span>
        <span>0</span>
      </div>
      <div className="cd-chart-bars" aria-hidden="true">
        {hours.map((one) => (
          <PlainLink
            key={one.hour}
            to="/records"
            search={{ placedFrom: one.from.toISOString(), placedTo: one.to.toISOString() }}
            tabIndex={-1}
            className="cd-bar"
          >
            <span className="cd-bar-tip">{said(one)}</span>
            {one.today.map((n, index) =>
              n === 0 ? null : (
                <span
                  // biome-ignore lint/suspicious/noArrayIndexKey: channels keep their place.
                  key={index}
                  className="cd-bar-part"
                  style={{ height: share(n), background: colourOf(index) }}
                />
              ),
            )}
            {one.usual !== null && <span className="cd-bar-usual" style={{ bottom: share(one.usual) }} />}
          </PlainLink>
        ))}
      </div>
      <div className="cd-chart-hours" aria-hidden="true">
        {hours.map((one) => (
          <span key={one.hour}>{one.hour % 6 === 0 ? hour(one.from) : ''}</span>
        ))}
      </div>
    </figure>
  );
}

const HoursTable = ({
  hours,
  channels,
}: {
  readonly hours: readonly Hour[];
  readonly channels: readonly Channel[];
}) => (
  <ScrollArea h={272} viewportProps={{ tabIndex: 0 }} type="auto">
    <Table stickyHeader miw={320}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('overview.hour')}</Table.Th>
          {channels.map((channel) => (
            <Table.Th key={channel.id ?? ''} ta="right">
              {channel.name}
            </Table.Th>
          ))}
          <Table.Th ta="right">{t('overview.all')}</Table.Th>
          <Table.Th ta="right">{t('overview.usual')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody className="cd-number">
        {hours.map((one) => (
          <Table.Tr key={one.hour}>
            <Table.Th scope="row" fw={400}>
              {hour(one.from)}
            </Table.Th>
            {one.today.map((n, index) => (
              <Table.Td key={channels[index]?.id ?? ''} ta="right">
                {n === 0 ? (
                  <Text span c="dimmed">
                    0
                  </Text>
                ) : (
                  <PageLink
                    to="/records"
                    search={{
                      placedFrom: one.from.toISOString(),
                      placedTo: one.to.toISOString(),
                      marketplace: channels[index]?.id ?? undefined,
                    }}
                  >
                    {count(n)}
                  </PageLink>
                )}
              </Table.Td>
            ))}
            <Table.Td ta="right" fw={600}>
              {count(one.sum)}
            </Table.Td>
            <Table.Td ta="right">{one.usual === null ? '–' : count(Math.round(one.usual))}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </ScrollArea>
);
