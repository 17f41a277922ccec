// How does one come from nothing to live? Where to begin, and the five steps of a set-up; the address names both.
import { Badge, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Setup, Setups } from '../../../src/api/contract/setup.ts';
import { askMe, call } from '../../api.ts';
import { Asked } from '../../parts/asked.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useUrl } from '../../parts/url.ts';
import { t } from '../../words/index.ts';
import { AmazonStep } from './amazon.tsx';
import { CheckStep } from './check.tsx';
import { ActionButton } from './fields.tsx';
import { LiveStep } from './live.tsx';
import { NetSuiteStep } from './netsuite.tsx';
import { QuestionsStep } from './questions.tsx';
import { keepStep, refresh, type StepName, stepNames } from './questions-of.ts';
import './setup.css';

export function SetupPage() {
  const [url, setUrl] = useUrl();
  return (
    <Asked<Setups> path="/setups">
      {(setups) => {
        const setup = setups.items.find((one) => one.id === url['id']);
        return setup ? (
          <Steps
            key={setup.id}
            setup={setup}
            setups={setups}
            step={(url['step'] as StepName | undefined) ?? (setup.step as StepName)}
            show={(step) => setUrl({ step })}
            leave={() => setUrl({ id: undefined, step: undefined })}
          />
        ) : (
          <Start setups={setups} open={(id) => setUrl({ id })} />
        );
      }}
    </Asked>
  );
}

function Start({ setups, open }: { readonly setups: Setups; readonly open: (id: string) => void }) {
  const me = useQuery(askMe());
  const begin = useMutation({
    mutationFn: (kind: 'real' | 'practice') => call<{ id: string }>('POST', '/setups', { kind }),
    onSuccess: async ({ id }) => {
      await refresh();
      open(id);
    },
  });
  const of = (kind: string) => setups.items.filter((one) => one.kind === kind);
  const openReal = of('real').find((one) => one.state === 'open');
  return (
    <Stack>
      <PageHead title={t('setup.title')} hint={t('setup.hint')} />
      {begin.error && <Trouble error={begin.error} />}
      <SimpleGrid cols={{ base: 1, sm: me.data?.demo && setups.practice.available ? 3 : 2 }}>
        {me.data?.demo && (
          <Way icon="eye" title={t('setup.explore')} text={t('setup.exploreHint')}>
            <ButtonLink to="/" variant="default">
              {t('setup.lOverview')}
            </ButtonLink>
          </Way>
        )}
        {setups.practice.available && (
          <Way icon="star" title={t('setup.startPractice')} text={t('setup.startPracticeHint')}>
            <ActionButton
              variant="default"
              loading={begin.isPending && begin.variables === 'practice'}
              onClick={() => begin.mutate('practice')}
            >
              {of('practice').length > 0
                ? `${t('setup.goOn')}: ${t('setup.practice')}`
                : `${t('setup.begin')}: ${t('setup.practice')}`}
            </ActionButton>
          </Way>
        )}
        <Way icon="connections" title={t('setup.startReal')} text={t('setup.startRealHint')}>
          <ActionButton
            loading={begin.isPending && begin.variables === 'real'}
            onClick={() => begin.mutate('real')}
          >
            {openReal ? `${t('setup.goOn')}: ${t('setup.real')}` : `${t('setup.begin')}: ${t('setup.real')}`}
          </ActionButton>
        </Way>
      </SimpleGrid>
      {setups.items.length > 0 && (
        <ul className="su-list">
          {setups.items.map((setup) => (
            <Known key={setup.id} setup={setup} open={() => open(setup.id)} />
          ))}
        </ul>
      )}
    </Stack>
  );
}

const Way = ({
  icon,
  title,
  text,
  children,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly children: React.ReactNode;
}) => (
  <Card withBorder p="md" component="section" aria-label={title}>
    <Stack h="100%" justify="space-between">
      <div>
        <Group gap="xs" mb={4} wrap="nowrap">
          <Icon name={icon} />
          <Title order={2} size="h5">
            {title}
          </Title>
        </Group>
        <Text size="sm" c="dimmed">
          {text}
        </Text>
      </div>
      <div>{children}</div>
    </Stack>
  </Card>
);

function Known({ setup, open }: { readonly setup: Setup; readonly open: () => void }) {
  const [dropping, setDropping] = useState(false);
  const name = setup.kind === 'practice' ? t('setup.practice') : t('setup.real');
  return (
    <li>
      <Group justify="space-between">
        <div>
          <Text fw={600}>
            {setup.kind === 'real' && setup.id !== 'shop' ? `${name} (${setup.id})` : name}
          </Text>
          <Text size="sm" c="dimmed">
            {t(`setup.state_${setup.state}`)} · {t('setup.savedBy', { name: setup.updatedBy })}
          </Text>
        </div>
        <Group gap="xs">
          {!setup.liveAt && (
            <ActionButton size="xs" variant="subtle" onClick={() => setDropping(true)}>
              {t('setup.drop')}
            </ActionButton>
          )}
          <ActionButton size="xs" variant="default" onClick={open}>
            {`${t('setup.open')}: ${name}`}
          </ActionButton>
        </Group>
      </Group>
      <Confirm
        opened={dropping}
        title={t('setup.drop')}
        label={t('setup.drop')}
        danger
        run={async () => {
          await call('DELETE', `/setups/${setup.id}`);
          await refresh();
        }}
        close={() => setDropping(false)}
      >
        <Text size="sm">{t('setup.dropText')}</Text>
      </Confirm>
    </li>
  );
}

/** Which steps are behind: what they need is there. */
function isDone(setup: Setup, step: StepName): boolean {
  if (step === 'netsuite') return setup.erpConnectionId !== null && setup.answers['netsuiteWorks'] === true;
  if (step === 'amazon') return setup.channelConnectionId !== null && setup.answers['amazonWorks'] === true;
  if (step === 'questions') return setup.readiness !== null;
  if (step === 'check') return setup.readiness !== null;
  return setup.state === 'live';
}

const views = {
  netsuite: NetSuiteStep,
  amazon: AmazonStep,
  questions: QuestionsStep,
  check: CheckStep,
  live: LiveStep,
} as const;

function Steps({
  setup,
  setups,
  step,
  show,
  leave,
}: {
  readonly setup: Setup;
  readonly setups: Setups;
  readonly step: StepName;
  readonly show: (step: StepName) => void;
  readonly leave: () => void;
}) {
  const go = (next: StepName) => {
    show(next);
    // A shop that is live stays where it is: looking at a step again does not set it back.
    if (setup.state === 'open') void keepStep(setup.id, next).then(refresh);
  };
  const current = stepNames.includes(step) ? step : 'netsuite';
  const View = views[current];
  return (
    <Stack>
      <PageHead
        title={setup.kind === 'practice' ? `${t('setup.title')}: ${t('setup.practice')}` : t('setup.title')}
        hint={
          <Group gap="xs">
            <Badge variant="outline" color="gray" tt="none" c="inherit">
              {t(`setup.state_${setup.state}`)}
            </Badge>
            {setup.kind === 'practice' ? t('setup.practiceIntro') : t('setup.hint')}
          </Group>
        }
        actions={
          <ActionButton variant="default" onClick={leave}>
            {t('setup.back')}
          </ActionButton>
        }
      />
      <nav aria-label={t('setup.steps')}>
        <ol className="su-steps">
          {stepNames.map((name, index) => (
            <li key={name} data-done={isDone(setup, name)}>
              <button
                type="button"
                aria-current={name === current ? 'step' : undefined}
                onClick={() => go(name)}
              >
                <span className="su-number" aria-hidden="true">
                  {isDone(setup, name) ? <Icon name="check" size={14} /> : index + 1}
                </span>
                {t(`setup.step_${name}`)}
                {isDone(setup, name) && <span className="su-hidden"> ({t('setup.done')})</span>}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <View key={current} setup={setup} setups={setups} go={go} />
    </Stack>
  );
}
