// Step 2: the application at Amazon, and the seller's permission: by Amazon's own page and back, or by a pasted token.
import {
  Card,
  Checkbox,
  Group,
  NativeSelect,
  PasswordInput,
  Radio,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call, queries } from '../../api.ts';
import { Id } from '../../parts/id.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { t } from '../../words/index.ts';
import { ActionButton, Foot } from './fields.tsx';
import { Outcome, Practice, testConnection, useKnown } from './netsuite.tsx';
import { type StepProps, useAnswers } from './questions-of.ts';

interface AmazonAnswers {
  readonly region: 'na' | 'eu' | 'fe';
  readonly marketplaceIds: readonly string[];
  readonly applicationId?: string;
  readonly applicationDraft?: boolean;
  readonly sellerId?: string;
}

export function AmazonStep({ setup, setups, go }: StepProps) {
  const practice = setup.kind === 'practice' ? setups.practice.facts?.amazon : undefined;
  const [answers, change, send] = useAnswers<AmazonAnswers>(setup, 'amazon', {
    region: 'na',
    marketplaceIds: ['ATVPDKIKX0DER'],
  });
  const [secrets, setSecrets] = useState({ clientId: '', clientSecret: '', refreshToken: '' });
  const [way, setWay] = useState<'page' | 'token'>('page');
  const given = (name: string) => setup.secretsGiven.includes(name);
  const authorised = given('refreshToken');
  const put = async () => {
    await send();
    return call<{ connectionId: string | null }>('PUT', `/setups/${setup.id}/channel`, {
      settings: Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== '')),
      secrets: Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== '')),
    });
  };
  const authorise = useMutation({
    mutationFn: async () => {
      await put();
      return call<{ url: string }>('POST', '/authorisations', { setupId: setup.id });
    },
    onSuccess: ({ url }) => location.assign(url),
  });
  const test = useMutation({
    mutationFn: async () => {
      const { connectionId } = await put();
      if (connectionId === null) throw new Error('incomplete');
      return testConnection(setup.id, connectionId, 'amazonWorks');
    },
    onSuccess: () => queries.invalidateQueries(),
  });
  const known = useKnown(setup.channelConnectionId);
  const tested = test.data ?? known;
  const keysGiven =
    (given('clientId') || secrets.clientId !== '') && (given('clientSecret') || secrets.clientSecret !== '');
  const offered = setups.marketplaces.filter(
    (one) => practice !== undefined || one.region === answers.region,
  );
  return (
    <Stack component="section" aria-label={t('setup.azTitle')}>
      <Title order={2} size="h4">
        {t('setup.azTitle')}
      </Title>
      {practice && (
        <Practice
          page={practice.page}
          open={t('setup.practiceAmazon')}
          facts={[
            [t('setup.azApplicationId'), practice.applicationId],
            [t('setup.azClientId'), practice.clientId],
            [t('setup.azClientSecret'), practice.clientSecret],
          ]}
          fill={() => {
            change({ applicationId: practice.applicationId });
            setSecrets({ ...secrets, clientId: practice.clientId, clientSecret: practice.clientSecret });
          }}
        />
      )}
      <Card withBorder component="section" aria-label={t('setup.azPrepare')}>
        <Title order={3} size="h6" mb="xs">
          {t('setup.azPrepare')}
        </Title>
        <Text size="sm">{t('setup.azApp')}</Text>
      </Card>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (way === 'page' && !authorised) authorise.mutate();
          else test.mutate();
        }}
      >
        <Stack maw={560}>
          <NativeSelect
            label={t('setup.azRegion')}
            value={answers.region}
            onChange={(event) => change({ region: event.currentTarget.value as 'na', marketplaceIds: [] })}
            data={(['na', 'eu', 'fe'] as const).map((region) => ({
              value: region,
              label: t(`setup.azRegion_${region}`),
            }))}
          />
          <Checkbox.Group
            label={t('setup.azMarketplaces')}
            description={t('setup.azMarketplacesHelp')}
            withAsterisk
            value={[...answers.marketplaceIds]}
            onChange={(marketplaceIds) => change({ marketplaceIds })}
          >
            <Group gap="sm" mt={6}>
              {offered.map((one) => (
                <Checkbox key={one.id} value={one.id} label={one.name} />
              ))}
            </Group>
          </Checkbox.Group>
          <TextInput
            label={t('setup.azClientId')}
            description={given('clientId') ? t('setup.azGiven') : undefined}
            required={!given('clientId')}
            value={secrets.clientId}
            onChange={(event) => setSecrets({ ...secrets, clientId: event.currentTarget.value.trim() })}
          />
          <PasswordInput
            label={t('setup.azClientSecret')}
            description={given('clientSecret') ? t('setup.azGiven') : undefined}
            required={!given('clientSecret')}
            autoComplete="off"
            value={secrets.clientSecret}
            onChange={(event) => setSecrets({ ...secrets, clientSecret: event.currentTarget.value.trim() })}
          />
          <Radio.Group label={t('setup.azWay')} value={way} onChange={(value) => setWay(value as 'page')}>
            <Stack gap={6} mt={6}>
              <Radio value="page" label={t('setup.azWayPage')} />
              <Radio value="token" label={t('setup.azWayToken')} />
            </Stack>
          </Radio.Group>
          {way === 'page' ? (
            <>
              <TextInput
                label={t('setup.azApplicationId')}
                description={t('setup.azApplicationIdHelp')}
                required
                pattern="amzn1\.sp\.solution\..+"
                value={answers.applicationId ?? ''}
                onChange={(event) => change({ applicationId: event.currentTarget.value.trim() })}
              />
              <Checkbox
                label={t('setup.azDraft')}
                checked={answers.applicationDraft ?? false}
                onChange={(event) => change({ applicationDraft: event.currentTarget.checked })}
              />
              <div>
                <Text size="sm" c="dimmed">
                  {t('setup.azRedirect')}
                </Text>
                <Id value={`${location.origin}/connect/amazon`} />
              </div>
            </>
          ) : (
            <>
              <TextInput
                label={t('setup.azSellerId')}
                description={t('setup.azSellerIdHelp')}
                required
                value={answers.sellerId ?? ''}
                onChange={(event) => change({ sellerId: event.currentTarget.value.trim() })}
              />
              <PasswordInput
                label={t('setup.azRefreshToken')}
                description={authorised ? t('setup.azGiven') : t('setup.azRefreshTokenHelp')}
                required={!authorised}
                autoComplete="off"
                value={secrets.refreshToken}
                onChange={(event) =>
                  setSecrets({ ...secrets, refreshToken: event.currentTarget.value.trim() })
                }
              />
            </>
          )}
          {authorised && <Text size="sm">{t('setup.azAuthorised')}</Text>}
          <Group>
            {way === 'page' && (
              <ActionButton
                type={authorised ? 'button' : 'submit'}
                variant={authorised ? 'default' : 'filled'}
                disabled={!keysGiven || answers.marketplaceIds.length === 0}
                loading={authorise.isPending}
                onClick={authorised ? () => authorise.mutate() : undefined}
              >
                {t('setup.azAuthorise')}
              </ActionButton>
            )}
            {(way === 'token' || authorised) && (
              <ActionButton
                type="submit"
                disabled={!keysGiven || answers.marketplaceIds.length === 0}
                loading={test.isPending}
              >
                {test.data ? t('setup.testAgain') : t('setup.test')}
              </ActionButton>
            )}
          </Group>
        </Stack>
      </form>
      {(authorise.error ?? test.error) && <Trouble error={(authorise.error ?? test.error)!} />}
      {tested && <Outcome outcome={tested} />}
      <Foot>
        <ActionButton variant="default" onClick={() => go('netsuite')}>
          {t('setup.back')}
        </ActionButton>
        <ActionButton disabled={!tested?.ok} onClick={() => go('questions')}>
          {t('setup.next')}
        </ActionButton>
      </Foot>
    </Stack>
  );
}
