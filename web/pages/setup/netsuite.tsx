// Step 1: what to create in NetSuite, the certificate made here, and a test that names what is missing.
import {
  Card,
  Collapse,
  Group,
  NativeSelect,
  PasswordInput,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CheckOutcome, Connection } from '../../../src/api/contract/connections.ts';
import { ask, call, queries } from '../../api.ts';
import { Id } from '../../parts/id.tsx';
import { OutLink } from '../../parts/link.tsx';
import { Steps, Trouble } from '../../parts/trouble.tsx';
import { day, t } from '../../words/index.ts';
import { ActionButton, CopyText, Fact, Foot, Warnings } from './fields.tsx';
import { refresh, type StepProps, useAnswers } from './questions-of.ts';

interface NetSuiteAnswers {
  readonly accountId: string;
  readonly auth: 'm2m' | 'tba';
  readonly clientId: string;
  readonly certificateId: string;
  readonly certificatePem?: string;
  readonly certificateEnds?: string;
}

export function NetSuiteStep({ setup, setups, go }: StepProps) {
  const practice = setup.kind === 'practice' ? setups.practice.facts?.netsuite : undefined;
  const [answers, change, send] = useAnswers<NetSuiteAnswers>(setup, 'netsuite', {
    accountId: '',
    auth: 'm2m',
    clientId: '',
    certificateId: '',
  });
  const [secrets, setSecrets] = useState({
    consumerKey: '',
    consumerSecret: '',
    tokenId: '',
    tokenSecret: '',
  });
  const put = (settings: object, given: object = {}) =>
    call<{ connectionId: string }>('PUT', `/setups/${setup.id}/erp`, { settings, secrets: given });
  const make = useMutation({
    mutationFn: async () => {
      await send();
      const { connectionId } = await put({ accountId: answers.accountId.trim(), auth: 'm2m' });
      return call<{ certificatePem: string; expiresAt: string }>(
        'POST',
        `/connections/${connectionId}/certificate`,
      );
    },
    onSuccess: ({ certificatePem, expiresAt }) => {
      change({ certificatePem, certificateEnds: expiresAt });
      return refresh();
    },
  });
  const test = useMutation({
    mutationFn: async () => {
      await send();
      const { connectionId } = await put(
        answers.auth === 'm2m'
          ? {
              accountId: answers.accountId.trim(),
              auth: 'm2m',
              clientId: answers.clientId.trim(),
              certificateId: answers.certificateId.trim(),
            }
          : { accountId: answers.accountId.trim(), auth: 'tba' },
        answers.auth === 'tba' ? Object.fromEntries(Object.entries(secrets).filter(([, text]) => text)) : {},
      );
      return testConnection(setup.id, connectionId, 'netsuiteWorks');
    },
    onSuccess: () => queries.invalidateQueries(),
  });
  const known = useKnown(setup.erpConnectionId);
  const ready =
    answers.auth === 'tba'
      ? answers.accountId !== ''
      : answers.clientId !== '' && answers.certificateId !== '' && answers.accountId !== '';
  const tested = test.data ?? known;
  return (
    <Stack component="section" aria-label={t('setup.nsTitle')}>
      <Title order={2} size="h4">
        {t('setup.nsTitle')}
      </Title>
      {practice && (
        <Practice
          page={practice.page}
          open={t('setup.practiceNetsuite')}
          facts={[
            [t('setup.nsAccount'), practice.accountId],
            [t('setup.nsClientId'), practice.clientId],
          ]}
          fill={() => change({ accountId: practice.accountId, clientId: practice.clientId })}
        />
      )}
      {setup.kind === 'real' && <Existing setup={setup} go={go} />}
      <Prepare />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Stack maw={560}>
          <TextInput
            label={t('setup.nsAccount')}
            description={t('setup.nsAccountHelp')}
            required
            value={answers.accountId}
            onChange={(event) => change({ accountId: event.currentTarget.value })}
          />
          <NativeSelect
            label={t('setup.nsAuth')}
            value={answers.auth}
            onChange={(event) => change({ auth: event.currentTarget.value as 'm2m' })}
            data={[
              { value: 'm2m', label: t('setup.nsM2m') },
              { value: 'tba', label: t('setup.nsTba') },
            ]}
          />
          {answers.auth === 'm2m' && (
            <div>
              <ActionButton
                type="submit"
                variant={answers.certificatePem ? 'default' : 'filled'}
                loading={make.isPending}
              >
                {answers.certificatePem ? t('setup.nsMakeAgain') : t('setup.nsMakeCertificate')}
              </ActionButton>
            </div>
          )}
          {make.error && <Trouble error={make.error} />}
        </Stack>
      </form>
      {answers.auth === 'm2m' && answers.certificatePem && (
        <Certificate pem={answers.certificatePem} ends={answers.certificateEnds} />
      )}
      {(answers.auth === 'tba' || answers.certificatePem) && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            test.mutate();
          }}
        >
          <Stack maw={560}>
            {answers.auth === 'm2m' ? (
              <>
                <TextInput
                  label={t('setup.nsClientId')}
                  description={t('setup.nsClientIdHelp')}
                  required
                  value={answers.clientId}
                  onChange={(event) => change({ clientId: event.currentTarget.value })}
                />
                <TextInput
                  label={t('setup.nsCertificateId')}
                  description={t('setup.nsCertificateIdHelp')}
                  required
                  value={answers.certificateId}
                  onChange={(event) => change({ certificateId: event.currentTarget.value })}
                />
              </>
            ) : (
              (['consumerKey', 'consumerSecret', 'tokenId', 'tokenSecret'] as const).map((name) => (
                <PasswordInput
                  key={name}
                  label={t(`setup.ns${name[0]!.toUpperCase()}${name.slice(1)}` as 'setup.nsConsumerKey')}
                  autoComplete="off"
                  value={secrets[name]}
                  onChange={(event) => setSecrets({ ...secrets, [name]: event.currentTarget.value })}
                />
              ))
            )}
            <div>
              <ActionButton type="submit" disabled={!ready} loading={test.isPending}>
                {test.data ? t('setup.testAgain') : t('setup.test')}
              </ActionButton>
            </div>
          </Stack>
        </form>
      )}
      {test.error && <Trouble error={test.error} />}
      {tested && <Outcome outcome={tested} />}
      <Foot>
        <span />
        <ActionButton disabled={!tested?.ok} onClick={() => go('amazon')}>
          {t('setup.next')}
        </ActionButton>
      </Foot>
    </Stack>
  );
}

/** Tests a stored connection, and remembers whether it worked so that the step shows as done. */
export async function testConnection(
  setupId: string,
  connectionId: string,
  mark: string,
): Promise<CheckOutcome> {
  const outcome = await call<CheckOutcome>('POST', '/connections/test', { id: connectionId });
  await call('PATCH', `/setups/${setupId}`, { answers: { [mark]: outcome.ok } });
  return outcome;
}

/** What the last test of a connection told, when it passed. */
export function useKnown(connectionId: string | null): CheckOutcome | undefined {
  const { data } = useQuery(ask<{ items: readonly Connection[] }>('/connections'));
  const row = data?.items.find((one) => one.id === connectionId);
  return row?.report && row.state === 'active' ? { ok: true, report: row.report } : undefined;
}

export function Practice({
  page,
  open,
  facts,
  fill,
}: {
  readonly page: string;
  readonly open: string;
  readonly facts: readonly (readonly [string, string])[];
  readonly fill: () => void;
}) {
  return (
    <Card withBorder component="aside" aria-label={t('setup.practiceValues')}>
      <Group justify="space-between" mb="xs">
        <Text fw={600} size="sm">
          {t('setup.practiceValues')}
        </Text>
        <Group gap="xs">
          <ActionButton size="xs" variant="default" onClick={fill}>
            {t('setup.practiceFill')}
          </ActionButton>
          <OutLink href={page}>{open}</OutLink>
        </Group>
      </Group>
      <dl className="su-facts">
        {facts.map(([name, value]) => (
          <Fact key={name} name={name}>
            <Id value={value} />
          </Fact>
        ))}
      </dl>
    </Card>
  );
}

function Existing({ setup, go }: Pick<StepProps, 'setup' | 'go'>) {
  const { data } = useQuery(ask<{ items: readonly Connection[] }>('/connections'));
  const books = (data?.items ?? []).filter((one) => one.side === 'erp' && !one.demo);
  const use = useMutation({
    mutationFn: async (useId: string) => {
      await call('PUT', `/setups/${setup.id}/erp`, { useId });
      return testConnection(setup.id, useId, 'netsuiteWorks');
    },
    onSuccess: async (outcome) => {
      await queries.invalidateQueries();
      if (outcome.ok) go('amazon');
    },
  });
  if (books.length === 0) return null;
  return (
    <>
      <NativeSelect
        maw={560}
        label={t('setup.nsExisting')}
        value={setup.erpConnectionId ?? ''}
        onChange={(event) => event.currentTarget.value && use.mutate(event.currentTarget.value)}
        data={[
          { value: '', label: t('setup.nsNew') },
          ...books.map((one) => ({ value: one.id, label: one.title })),
        ]}
      />
      {use.error && <Trouble error={use.error} />}
      {use.data && !use.data.ok && <Outcome outcome={use.data} />}
    </>
  );
}

interface RolePermission {
  readonly key: string;
  readonly level: string;
  readonly name: string;
  readonly why: string;
}

function Prepare() {
  const [shown, setShown] = useState(false);
  const { data: role } = useQuery(
    ask<{ xml: string; permissions: readonly RolePermission[] }>('/netsuite-role'),
  );
  return (
    <Card withBorder component="section" aria-label={t('setup.nsPrepare')}>
      <Title order={3} size="h6" mb="xs">
        {t('setup.nsPrepare')}
      </Title>
      <ol className="su-todo">
        <li>{t('setup.nsFeatures')}</li>
        <li>
          {t('setup.nsRole')}
          <Group gap="xs" mt={4}>
            <ActionButton
              size="xs"
              variant="default"
              onClick={() => role && save('customrole_crossdock.xml', role.xml, 'application/xml')}
            >
              {t('setup.nsRoleFile')}
            </ActionButton>
            {role && <CopyText value={role.xml} label={t('setup.nsRoleCopy')} />}
            <ActionButton size="xs" variant="subtle" aria-expanded={shown} onClick={() => setShown(!shown)}>
              {t('setup.nsPermissions')}
            </ActionButton>
          </Group>
          <Collapse expanded={shown}>{role && <Permissions rows={role.permissions} />}</Collapse>
        </li>
        <li>{t('setup.nsIntegration')}</li>
      </ol>
    </Card>
  );
}

const Permissions = ({ rows }: { readonly rows: readonly RolePermission[] }) => (
  <Table.ScrollContainer minWidth={420}>
    <Table fz="sm" mt="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('setup.nsPermission')}</Table.Th>
          <Table.Th>{t('setup.nsLevel')}</Table.Th>
          <Table.Th>{t('setup.nsWhy')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((one) => (
          <Table.Tr key={one.key}>
            <Table.Td>
              {one.name}{' '}
              <Text span size="xs" c="dimmed" ff="monospace">
                {one.key}
              </Text>
            </Table.Td>
            <Table.Td>{one.level}</Table.Td>
            <Table.Td>{one.why}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </Table.ScrollContainer>
);

/** Hands a text over as a file, without a server in between. */
export function save(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}

const Certificate = ({ pem, ends }: { readonly pem: string; readonly ends: string | undefined }) => (
  <section aria-label={t('setup.nsCertificate')}>
    <Group gap="xs" mb={4}>
      <Text fw={600} size="sm">
        {t('setup.nsCertificate')}
      </Text>
      <CopyText value={pem} />
      <ActionButton
        size="xs"
        variant="default"
        onClick={() => save('crossdock-certificate.pem', pem, 'application/x-pem-file')}
      >
        {t('setup.download')}
      </ActionButton>
      {ends && (
        <Text size="sm" c="dimmed">
          {t('setup.nsCertificateEnds', { day: day(ends) })}
        </Text>
      )}
    </Group>
    <Text size="sm" mb="xs">
      {t('setup.nsCertificateHelp')}
    </Text>
    <textarea className="su-pem" rows={5} readOnly value={pem} aria-label={t('setup.nsCertificate')} />
  </section>
);

interface Report {
  readonly accountName?: string;
  readonly oneWorld?: boolean;
  readonly suiteTax?: boolean;
  readonly timeZone?: string;
  readonly marketplaces?: readonly { readonly name: string; readonly participating: boolean }[];
  readonly warnings?: readonly string[];
}

/** What a test found: the account, or what is missing and what to do. */
export function Outcome({ outcome }: { readonly outcome: CheckOutcome }) {
  if (outcome.ok) {
    const report = outcome.report as Report;
    return (
      <Card withBorder role="status">
        <Text fw={600} mb="xs">
          {t('setup.works')}
        </Text>
        <dl className="su-facts">
          <Fact name={t('setup.account')}>{report.accountName ?? '–'}</Fact>
          {report.timeZone !== undefined && (
            <Fact name="NetSuite">
              {report.oneWorld ? t('setup.oneWorld') : t('setup.oneWorldNo')} ·{' '}
              {report.suiteTax ? t('setup.suiteTax') : t('setup.legacyTax')} ·{' '}
              {t('setup.zone', { zone: report.timeZone })}
            </Fact>
          )}
          {report.marketplaces && (
            <Fact name={t('setup.azMarketplaces')}>
              {report.marketplaces
                .filter((one) => one.participating)
                .map((one) => one.name)
                .join(', ')}
            </Fact>
          )}
        </dl>
        <Warnings warnings={report.warnings ?? []} />
      </Card>
    );
  }
  const missing = outcome.problem.facts['missing'] as readonly RolePermission[] | undefined;
  return (
    <Card withBorder role="alert">
      <Text fw={600}>
        {missing ? t('setup.missing', { count: missing.length }) : outcome.problem.message}
      </Text>
      {missing ? (
        <>
          <Permissions rows={missing} />
          <Text size="sm">{t('setup.missingHelp')}</Text>
        </>
      ) : (
        <Steps steps={outcome.problem.nextSteps} />
      )}
    </Card>
  );
}
