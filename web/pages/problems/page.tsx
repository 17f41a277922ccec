// What must a person decide? An inbox: causes at the left, what to do at the right; everything by keyboard, filters in the
// address.
import { ActionIcon, Button, Group, Select, TextInput, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { causeClass, type Problem } from '../../../src/api/contract/problems.ts';
import { Lines } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Icon } from '../../parts/icon.tsx';
import { ButtonLink, PageLink } from '../../parts/link.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useUrl } from '../../parts/url.ts';
import { useKeys } from '../../shell/keys.ts';
import { count, t } from '../../words/index.ts';
import { Bulk } from './acts.tsx';
import { Detail } from './detail.tsx';
import { CauseList } from './list.tsx';
import { askNames, askProblems, className, filterNames } from './questions.ts';
import './problems.css';

const pageSize = 100;

export function ProblemsPage() {
  const { id } = useParams({ strict: false }) as { id?: string };
  const [values, change] = useUrl();
  const navigate = useNavigate();
  const [limit, setLimit] = useState(pageSize);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const query = useQuery(askProblems(values, limit));
  const rows = query.data?.items ?? [];
  const wide = useMediaQuery('(min-width: 1000px)', undefined, { getInitialValueInEffect: false }) ?? true;
  const search = useRef<HTMLInputElement>(null);
  const open = (to: string | undefined) =>
    void navigate({
      to: (to === undefined ? '/problems' : `/problems/${to}`) as string,
      search: ((old: Record<string, unknown>) => old) as never,
      replace: id !== undefined && to !== undefined,
      resetScroll: false,
    });
  const at = rows.findIndex((row) => row.id === id);
  const move = (by: number) => {
    const next = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))];
    if (next) open(next.id);
  };
  const toggle = (row: Problem | undefined) => {
    if (!row) return;
    const next = new Set(ticked);
    if (!next.delete(row.id)) next.add(row.id);
    setTicked(next);
  };
  useKeys([
    { keys: 'j', label: 'problems.keyNext', run: () => move(1) },
    { keys: 'k', label: 'problems.keyPrevious', run: () => move(-1) },
    { keys: '/', label: 'problems.keySearch', run: () => search.current?.focus() },
    { keys: 'x', label: 'problems.keySelect', run: () => toggle(rows[at]) },
    { keys: 'Escape', label: 'problems.clearSelection', run: () => setTicked(new Set()) },
  ]);
  // On a wide screen there is always something to look at.
  const first = rows[0]?.id;
  const shown = id ?? (wide ? first : undefined);
  const chosen = rows.filter((row) => ticked.has(row.id));
  const totals = query.data?.totals;
  const parked = Number(totals?.parked ?? 0);
  const list = (
    <>
      <Tabs values={values} totals={totals} />
      <Filters values={values} change={change} field={search} />
      {query.error && !query.data && <Trouble error={query.error} retry={() => void query.refetch()} />}
      {!query.data && !query.error && <Lines count={10} height={44} />}
      {query.data && rows.length === 0 && <Nothing values={values} change={change} />}
      {rows.length > 0 && (
        <CauseList
          rows={rows}
          active={shown}
          ticked={ticked}
          toggle={toggle}
          all={() => setTicked(ticked.size === rows.length ? new Set() : new Set(rows.map((row) => row.id)))}
          search={values}
        />
      )}
      {query.data?.next && (
        <Button variant="subtle" fullWidth mt="xs" onClick={() => setLimit(Math.min(200, limit + pageSize))}>
          {t('shell.more')}
        </Button>
      )}
    </>
  );
  return (
    <div className="cd-problems">
      <PageHead
        title={t('shell.problems')}
        hint={totals && (parked > 0 ? t('problems.hint', { count: parked }) : t('problems.hintNone'))}
        actions={
          <Tooltip label={t('problems.exportAll')}>
            <ActionIcon
              size="lg"
              component="a"
              href={`/api/v1/problems/records.csv?state=${values['state'] ?? 'open'}`}
              aria-label={t('problems.exportAll')}
            >
              <Icon name="export" />
            </ActionIcon>
          </Tooltip>
        }
      />
      {wide ? (
        <div className="cd-inbox">
          <section aria-label={t('problems.list')} className="cd-inbox-list">
            {list}
          </section>
          <section className="cd-inbox-detail" aria-live="off">
            {shown ? <Detail id={shown} /> : <Empty icon="check" title={t('problems.choose')} />}
          </section>
        </div>
      ) : id ? (
        <>
          <ButtonLink to="/problems" search={values} size="compact-sm" variant="subtle" mb="sm">
            <Icon name="left" size={15} />
            {t('problems.back')}
          </ButtonLink>
          <Detail id={id} />
        </>
      ) : (
        <section aria-label={t('problems.list')}>{list}</section>
      )}
      {chosen.length > 0 && <Bulk problems={chosen} clear={() => setTicked(new Set())} />}
    </div>
  );
}

type UrlProps = {
  readonly values: ReturnType<typeof useUrl>[0];
  readonly change: ReturnType<typeof useUrl>[1];
};

function Tabs({
  values,
  totals,
}: {
  readonly values: UrlProps['values'];
  readonly totals: { open: number; ignored: number; resolved: number } | undefined;
}) {
  const state = values['state'] ?? 'open';
  return (
    <nav aria-label={t('problems.tabs')} className="cd-state-tabs">
      {(['open', 'ignored', 'resolved'] as const).map((one) => (
        <PageLink
          key={one}
          to="/problems"
          search={{ ...values, state: one === 'open' ? undefined : one }}
          aria-current={one === state ? 'page' : undefined}
          underline="never"
        >
          {t(`problems.tab_${one}`)} <span className="cd-number">{count(totals?.[one] ?? 0)}</span>
        </PageLink>
      ))}
    </nav>
  );
}

function Filters({ values, change, field }: UrlProps & { readonly field: React.Ref<HTMLInputElement> }) {
  const [text, setText] = useState(values['q'] ?? '');
  const names = useQuery(askNames());
  useEffect(() => {
    const timer = setTimeout(() => text !== (values['q'] ?? '') && change({ q: text }), 250);
    return () => clearTimeout(timer);
  }, [text, values, change]);
  return (
    <Group gap="xs" mb="sm" role="search">
      <TextInput
        ref={field}
        className="cd-problem-search"
        aria-label={t('problems.search')}
        placeholder={t('problems.search')}
        leftSection={<Icon name="search" size={15} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Select
        className="cd-problem-filter"
        aria-label={t('problems.class')}
        placeholder={t('problems.anyClass')}
        clearable
        value={values['class'] ?? null}
        onChange={(value) => change({ class: value ?? undefined })}
        data={causeClass.options.map((value) => ({ value, label: className({ class: value }) }))}
      />
      <Select
        className="cd-problem-filter"
        aria-label={t('problems.assignedTo')}
        placeholder={t('problems.anyone')}
        clearable
        value={values['assignee'] ?? null}
        onChange={(value) => change({ assignee: value ?? undefined })}
        data={[
          { value: 'nobody', label: t('problems.nobody') },
          ...(names.data?.items ?? []).map((name) => ({ value: name, label: name })),
        ]}
      />
      <Select
        className="cd-problem-filter"
        aria-label={t('problems.sort')}
        allowDeselect={false}
        value={values['sort'] ?? 'latest'}
        onChange={(value) => change({ sort: value === 'latest' ? undefined : (value ?? undefined) })}
        data={(['latest', 'most', 'oldest'] as const).map((value) => ({
          value,
          label: t(`problems.sort_${value}`),
        }))}
      />
    </Group>
  );
}

function Nothing({ values, change }: UrlProps) {
  const filtered = filterNames.some((name) => values[name] !== undefined);
  if (filtered)
    return (
      <Empty icon="search" title={t('problems.noneFiltered')}>
        <Button
          variant="default"
          size="xs"
          onClick={() => change(Object.fromEntries(filterNames.map((name) => [name, undefined])))}
        >
          {t('problems.clearFilters')}
        </Button>
      </Empty>
    );
  const state = values['state'] ?? 'open';
  return state === 'open' ? (
    <Empty icon="check" title={t('problems.noneOpen')}>
      {t('problems.noneOpenHint')}
    </Empty>
  ) : (
    <Empty
      icon="check"
      title={state === 'ignored' ? t('problems.noneIgnored') : t('problems.noneResolved')}
    />
  );
}
