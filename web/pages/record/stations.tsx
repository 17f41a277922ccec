// How far has the record come? Six stations from notification to confirmation, with the moment of each and where it stands.
import type { Exchange, RecordDetail } from '../../../src/api/contract/records.ts';
import { Moment } from '../../parts/figures.tsx';
import { Icon } from '../../parts/icon.tsx';
import { duration, t } from '../../words/index.ts';

const names = ['received', 'understood', 'decided', 'mapped', 'sent', 'confirmed'] as const;
type Name = (typeof names)[number];
export interface Station {
  readonly name: Name;
  readonly state: 'done' | 'here' | 'stuck' | 'left' | 'open';
  readonly at: string | null;
}

/** At which station a parked record stands: by who refused it. */
function stuckAt(code: string | undefined, side: unknown): number {
  if (code === undefined) return 2;
  if (/^DOCUMENT_UNREADABLE|^AMOUNT_|_UNREADABLE$/.test(code)) return 1;
  if (/^REFUSED_|^ANSWER_|^TOKEN_|^NETWORK_|^CERTIFICATE_/.test(code) || side === 'erp' || side === 'channel')
    return 4;
  return 3;
}

export function stationsOf(
  { record, events, attempts, documents }: RecordDetail,
  exchanges: readonly Exchange[],
): readonly Station[] {
  const received =
    documents.at(-1)?.receivedAt ?? events.find((event) => event.kind === 'received')?.at ?? record.createdAt;
  // Attempts come newest first; the one that brought it here counts.
  const decided = attempts[0]?.startedAt ?? null;
  const sent =
    exchanges.filter((one) => one.method !== 'GET' && one.status !== null && one.status < 300).at(-1)?.at ??
    null;
  const moments: Readonly<Record<Name, string | null>> = {
    received,
    understood: received,
    decided,
    mapped: decided,
    sent: sent ?? (record.remoteId ? record.doneAt : null),
    confirmed: record.doneAt,
  };
  const facts = record.problem?.facts as { side?: unknown } | undefined;
  const place = {
    done: 6,
    pending: 5,
    verifying: 4,
    running: 2,
    waiting: 2,
    queued: 2,
    skipped: 2,
    parked: stuckAt(record.problem?.code, facts?.side),
  }[record.state];
  return names.map((name, index) => ({
    name,
    state:
      index < place
        ? 'done'
        : record.state === 'parked' && index === place
          ? 'stuck'
          : record.state === 'skipped' && index === place
            ? 'left'
            : index === place
              ? 'here'
              : 'open',
    at: index < place ? moments[name] : null,
  }));
}

export function Stations({ stations }: { readonly stations: readonly Station[] }) {
  return (
    <ol className="cd-stations" aria-label={t('record.stations')}>
      {stations.map((station, index) => {
        const before = stations[index - 1]?.at;
        const took =
          station.at && before ? new Date(station.at).getTime() - new Date(before).getTime() : undefined;
        return (
          <li
            key={station.name}
            data-state={station.state}
            aria-current={station.state === 'here' || station.state === 'stuck' ? 'step' : undefined}
          >
            <span className="cd-station-mark">
              {station.state === 'done' && <Icon name="check" size={13} />}
              {station.state === 'stuck' && <Icon name="cross" size={13} />}
              {station.state === 'left' && <Icon name="minus" size={13} />}
            </span>
            <span className="cd-station-name">{t(`record.${station.name}`)}</span>
            <span className="cd-station-at">
              {station.at ? (
                <>
                  <Moment at={station.at} form="short" />
                  {took !== undefined && took > 0 && <> · +{duration(took)}</>}
                </>
              ) : station.state === 'done' ? (
                ''
              ) : (
                t(`record.station_${station.state as 'here'}`)
              )}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
