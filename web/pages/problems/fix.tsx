// The cure right where the problem stands: a lookup row, a setting, a connection test, a corrected copy.
import { Button, Group, NumberInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Choice } from '../../../src/api/contract/connections.ts';
import type { Flow } from '../../../src/api/contract/flows.ts';
import type { Fix, Problem } from '../../../src/api/contract/problems.ts';
import { ask, call } from '../../api.ts';
import { Icon } from '../../parts/icon.tsx';
import { ButtonLink, OutLink } from '../../parts/link.tsx';
import { toast } from '../../parts/toast.tsx';
import { Steps, Trouble } from '../../parts/trouble.tsx';
import { t } from '../../words/index.ts';
import { saidProblem, saidSteps } from '../../words/server.ts';
import { markDone, retryNow } from './acts.tsx';
import { ChoiceInput } from './choice.tsx';
import { refresh } from './questions.ts';

export function FixIt({
  problem,
  mayWrite,
  mayAdmin,
  edit,
}: {
  readonly problem: Problem;
  readonly mayWrite: boolean;
  readonly mayAdmin: boolean;
  readonly edit: (() => void) | undefined;
}) {
  const { fix } = problem;
  const parked = Number(problem.parked);
  return (
    <Stack gap="sm">
      {fix.kind === 'lookup' && mayWrite && <LookupForm problem={problem} fix={fix} />}
      {fix.kind === 'setting' && mayAdmin && <SettingForm problem={problem} fix={fix} />}
      {fix.kind === 'test-connection' && mayWrite && <TestAgain connectionId={fix.connectionId} />}
      <Group gap="xs">
        {fix.kind === 'open-settings' && problem.flowId && (
          <ButtonLink to="/flows" search={{ flow: problem.flowId }} size="xs" data-fix>
            {t('problems.openSettings')}
          </ButtonLink>
        )}
        {fix.kind === 'open-mapping' && problem.flowId && (
          <ButtonLink to="/mappings" search={{ flow: problem.flowId, field: fix.field }} size="xs" data-fix>
            {t('problems.openMapping', { field: fix.field })}
          </ButtonLink>
        )}
        {fix.kind === 'done' && mayWrite && problem.state === 'open' && (
          <Button
            size="xs"
            data-fix
            leftSection={<Icon name="check" size={15} />}
            onClick={() => void markDone([problem])}
          >
            {t('problems.done')}
          </Button>
        )}
        {edit && (
          <Button
            size="xs"
            variant={fix.kind === 'edit' ? 'filled' : 'default'}
            data-fix={fix.kind === 'edit' || undefined}
            onClick={edit}
          >
            {t('problems.edit')}
          </Button>
        )}
        {mayWrite && parked > 0 && (
          <Button
            size="xs"
            variant={fix.kind === 'retry' ? 'filled' : 'default'}
            data-fix={fix.kind === 'retry' || undefined}
            leftSection={<Icon name="retry" size={15} />}
            onClick={() => void retryNow([problem])}
          >
            {t('problems.retryAll', { count: parked })}
          </Button>
        )}
        {problem.exampleId && (
          <ButtonLink to={`/records/${problem.exampleId}`} size="xs" variant="default">
            {t('problems.openExample')}
          </ButtonLink>
        )}
        {problem.remoteUrl && (
          <OutLink href={problem.remoteUrl} fz="sm">
            {t('problems.openRemote')}
          </OutLink>
        )}
      </Group>
    </Stack>
  );
}

const labelOf = (fix: Extract<Fix, { kind: 'lookup' }>): string => {
  const key = { key: fix.key };
  if (fix.lookup === 'item-alias') return t('problems.fix_item_alias', key);
  if (fix.lookup === 'ship-method') return t('problems.fix_ship_method', key);
  if (fix.lookup === 'carrier') return t('problems.fix_carrier', key);
  return t('problems.fix_lookup', { ...key, lookup: fix.lookup });
};

/** Items are named in aliases; all other lists are referred to by id, with the name kept as a note. */
const storedValue = (list: string | null, name: string, choice: Choice | undefined): string =>
  list === null || list === 'item' ? name : (choice?.id ?? name);

function LookupForm({
  problem,
  fix,
}: {
  readonly problem: Problem;
  readonly fix: Extract<Fix, { kind: 'lookup' }>;
}) {
  const past = problem.pastCure?.detail;
  const suggested =
    past?.['lookup'] === fix.lookup && typeof past['value'] === 'string' && past['key'] === fix.key
      ? past['value']
      : '';
  const [name, setName] = useState(suggested);
  const [choice, setChoice] = useState<Choice>();
  const [units, setUnits] = useState<number | string>(1);
  const save = useMutation({
    mutationFn: () =>
      call('PUT', `/connections/${encodeURIComponent(problem.connectionId ?? '')}/lookups`, {
        name: fix.lookup,
        key: fix.key,
        value: storedValue(fix.list, name.trim(), choice),
        ...(fix.lookup === 'item-alias' ? { multiplier: Number(units) || 1 } : {}),
        ...(choice && fix.list !== 'item' ? { note: choice.name } : {}),
      }),
    onSuccess: () => {
      toast(t('problems.saved', { count: Number(problem.parked) }));
      return refresh();
    },
  });
  const chosen = (text: string, one: Choice | undefined) => {
    setName(text);
    setChoice(one);
  };
  return (
    <form
      className="cd-fix"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Group align="flex-end" gap="xs">
        <div style={{ flex: '1 1 240px' }}>
          {fix.list && problem.erpConnectionId ? (
            <ChoiceInput
              connectionId={problem.erpConnectionId}
              list={fix.list}
              label={labelOf(fix)}
              value={name}
              change={chosen}
            />
          ) : (
            <TextInput
              label={labelOf(fix)}
              value={name}
              required
              data-fix
              onChange={(event) => chosen(event.currentTarget.value, undefined)}
            />
          )}
        </div>
        {fix.lookup === 'item-alias' && (
          <NumberInput
            label={t('problems.units')}
            title={t('problems.unitsHint')}
            min={1}
            allowDecimal={false}
            w={130}
            value={units}
            onChange={setUnits}
          />
        )}
        <Button type="submit" loading={save.isPending} disabled={name.trim() === ''}>
          {t('problems.saveAndRetry')}
        </Button>
      </Group>
      {save.error && <Trouble error={save.error} />}
    </form>
  );
}

/** One setting of the flow, where it is missing. */
function SettingForm({
  problem,
  fix,
}: {
  readonly problem: Problem;
  readonly fix: Extract<Fix, { kind: 'setting' }>;
}) {
  const flows = useQuery(ask<{ items: Flow[] }>('/flows'));
  const flow = flows.data?.items.find((one) => one.id === problem.flowId);
  const [name, setName] = useState('');
  const [choice, setChoice] = useState<Choice>();
  const save = useMutation({
    mutationFn: async () => {
      if (!flow) return;
      const { id, kind, channelConnectionId, erpConnectionId } = flow;
      const settings = withValue(flow.settings, fix.path, storedValue(fix.list, name.trim(), choice));
      await call('POST', '/flows', { id, kind, channelConnectionId, erpConnectionId, settings });
      await retryNow([problem]);
    },
  });
  return (
    <form
      className="cd-fix"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Group align="flex-end" gap="xs">
        <div style={{ flex: '1 1 240px' }}>
          <ChoiceInput
            connectionId={problem.erpConnectionId ?? ''}
            list={fix.list}
            label={t('problems.fix_setting', { path: fix.path })}
            value={name}
            change={(text, one) => {
              setName(text);
              setChoice(one);
            }}
          />
        </div>
        <Button type="submit" loading={save.isPending} disabled={name.trim() === '' || !flow}>
          {t('problems.saveAndRetry')}
        </Button>
      </Group>
      {save.error && <Trouble error={save.error} />}
    </form>
  );
}

/** A copy of the settings with one value at `marketplaces.ATV….taxCodeId`. */
function withValue(settings: unknown, path: string, value: string): unknown {
  const copy = structuredClone(settings ?? {}) as Record<string, unknown>;
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let at: Record<string, unknown> = copy;
  for (const step of steps) {
    at[step] = (at[step] ?? {}) as Record<string, unknown>;
    at = at[step] as Record<string, unknown>;
  }
  at[last] = value;
  return copy;
}

function TestAgain({ connectionId }: { readonly connectionId: string }) {
  const test = useMutation({
    mutationFn: () =>
      call<{ ok: boolean; problem?: { code: string; message: string; nextSteps: string[] } }>(
        'POST',
        '/connections/test',
        { id: connectionId },
      ),
    onSuccess: (outcome) => {
      if (outcome.ok) toast(t('problems.works'));
      return refresh();
    },
  });
  const still = test.data?.ok === false ? test.data.problem : undefined;
  return (
    <div>
      <Button
        size="xs"
        data-fix
        loading={test.isPending}
        onClick={() => test.mutate()}
        leftSection={<Icon name="retry" size={15} />}
      >
        {t('problems.testAgain')}
      </Button>
      {still && (
        <div role="alert">
          <p className="cd-label">{saidProblem(still)}</p>
          <Steps steps={saidSteps(still.nextSteps)} />
        </div>
      )}
      {test.error && <Trouble error={test.error} />}
    </div>
  );
}
