// Step 3: only the questions without a safe default, answered from lists read out of the accounts.
import { Checkbox, NativeSelect, Radio, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import type { Questions } from '../../../src/api/contract/setup.ts';
import { Asked, Lines } from '../../parts/asked.tsx';
import { t } from '../../words/index.ts';
import { ActionButton, Foot, ItemField, ListField, Warnings } from './fields.tsx';
import { type StepProps, useAnswers } from './questions-of.ts';

interface Market {
  readonly code: string;
  readonly customerId?: string;
  readonly subsidiaryId?: string;
  readonly locationId?: string;
  readonly marketplaceLocationId?: string;
  readonly taxMode: string;
  readonly taxCodeId?: string;
  readonly taxTypeId?: string;
}
export interface OrderAnswers {
  readonly goLiveAt?: string;
  readonly marketplaceRecord?: string;
  readonly marketplaces: Readonly<Record<string, Market>>;
  readonly items: Readonly<Record<string, string | undefined>>;
  readonly shipMethods: Readonly<Record<string, string | undefined>>;
  readonly confirmShipments: boolean;
  readonly tellCancellations: boolean;
  readonly cancellationReason?: string;
}

export const noAnswers: OrderAnswers = {
  marketplaces: {},
  items: {},
  shipMethods: {},
  confirmShipments: true,
  tellCancellations: false,
};

export function QuestionsStep(props: StepProps) {
  return (
    <Asked<Questions>
      path={`/setups/${props.setup.id}/questions`}
      skeleton={
        <>
          <Text role="status">{t('setup.qLoading')}</Text>
          <Lines count={8} />
        </>
      }
    >
      {(questions) => <Form {...props} questions={questions} />}
    </Asked>
  );
}

const itemRoles = ['discount', 'shipping', 'shippingDiscount', 'giftWrap', 'otherCharge', 'tax'] as const;
const records = ['cash-sale', 'invoice', 'sales-order'] as const;
const taxModes = ['marketplace-remits', 'tax-line', 'suitetax-override'] as const;
const reasons = [
  'NoInventory',
  'BuyerCanceled',
  'ShippingAddressUndeliverable',
  'CustomerExchange',
  'PricingError',
  'GeneralAdjustment',
] as const;

/** A moment as the field for date and time wants it: local, to the minute. */
const asLocal = (moment: string | undefined): string => {
  if (!moment) return '';
  const date = new Date(moment);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

function startOf({ marketplaces, suggested }: Questions): OrderAnswers {
  const hints = suggested as {
    readonly items?: OrderAnswers['items'];
    readonly marketplaces?: OrderAnswers['marketplaces'];
    readonly shipMethods?: OrderAnswers['shipMethods'];
  };
  return {
    ...noAnswers,
    items: hints.items ?? {},
    shipMethods: hints.shipMethods ?? {},
    marketplaces: Object.fromEntries(
      marketplaces.map((market) => [
        market.id,
        hints.marketplaces?.[market.id] ?? { code: market.country, taxMode: 'marketplace-remits' },
      ]),
    ),
  };
}

function Form({ setup, go, questions }: StepProps & { readonly questions: Questions }) {
  const start = startOf(questions);
  // A marketplace chosen later gets its suggestions, too.
  const [answers, change, send] = useAnswers<OrderAnswers>(setup, 'orders', {
    ...start,
    marketplaces: start.marketplaces,
  });
  const marketplaces = { ...start.marketplaces, ...answers.marketplaces };
  const market = (id: string, part: Partial<Market>) =>
    change({ marketplaces: { ...marketplaces, [id]: { ...marketplaces[id]!, ...part } } });
  const open = openOf({ ...answers, marketplaces }, questions);
  return (
    <Stack component="section" aria-label={t('setup.qTitle')}>
      <div>
        <Title order={2} size="h4">
          {t('setup.qTitle')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('setup.qIntro')}
        </Text>
      </div>
      <Warnings warnings={questions.account.warnings} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change({ marketplaces });
          void send().then(() => go('check'));
        }}
      >
        <Stack>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              type="datetime-local"
              label={t('setup.qGoLive')}
              description={t('setup.qGoLiveHelp')}
              required
              value={asLocal(answers.goLiveAt)}
              onChange={(event) => {
                const text = event.currentTarget.value;
                change({ goLiveAt: text ? new Date(text).toISOString() : undefined });
              }}
            />
          </SimpleGrid>
          <Radio.Group
            label={t('setup.qRecord')}
            withAsterisk
            value={answers.marketplaceRecord ?? ''}
            onChange={(marketplaceRecord) => change({ marketplaceRecord })}
          >
            <Stack gap="xs" mt={6}>
              {records.map((record) => (
                <Radio
                  key={record}
                  value={record}
                  label={t(`setup.qRecord_${record}`)}
                  description={t(`setup.qRecord_${record}Help`)}
                />
              ))}
            </Stack>
          </Radio.Group>
          {questions.marketplaces.map((one) => (
            <Marketplace
              key={one.id}
              name={one.name}
              market={marketplaces[one.id]!}
              questions={questions}
              suggested={start.marketplaces[one.id]}
              change={(part) => market(one.id, part)}
            />
          ))}
          <fieldset className="su-fieldset">
            <legend>{t('setup.qItems')}</legend>
            <Text size="sm" c="dimmed" mb="xs">
              {t('setup.qItemsHelp')}
            </Text>
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
              {itemRoles.map((role) => (
                <ItemField
                  key={role}
                  connectionId={setup.erpConnectionId!}
                  label={t(`setup.item_${role}`)}
                  description={
                    start.items[role] && start.items[role] === answers.items[role]
                      ? t('setup.qSuggested')
                      : undefined
                  }
                  required={role !== 'tax'}
                  value={answers.items[role]}
                  onChange={(value) => change({ items: { ...answers.items, [role]: value } })}
                />
              ))}
            </SimpleGrid>
          </fieldset>
          <fieldset className="su-fieldset">
            <legend>{t('setup.qShip')}</legend>
            <Text size="sm" c="dimmed" mb="xs">
              {t('setup.qShipHelp')}
            </Text>
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
              {questions.shipServices.map((service) => (
                <ListField
                  key={service}
                  label={t(`setup.service_${service}` as 'setup.service_STANDARD')}
                  list={questions.lists['ship-method']}
                  empty={t('setup.none')}
                  suggested={
                    start.shipMethods[service] !== undefined &&
                    start.shipMethods[service] === answers.shipMethods[service]
                  }
                  value={answers.shipMethods[service]}
                  onChange={(value) => change({ shipMethods: { ...answers.shipMethods, [service]: value } })}
                />
              ))}
            </SimpleGrid>
          </fieldset>
          <Checkbox
            label={t('setup.qConfirm')}
            description={t('setup.qConfirmHelp')}
            checked={answers.confirmShipments}
            onChange={(event) => change({ confirmShipments: event.currentTarget.checked })}
          />
          <Checkbox
            label={t('setup.qCancel')}
            checked={answers.tellCancellations}
            onChange={(event) => change({ tellCancellations: event.currentTarget.checked })}
          />
          {answers.tellCancellations && (
            <NativeSelect
              maw={360}
              label={t('setup.qReason')}
              withAsterisk
              value={answers.cancellationReason ?? ''}
              onChange={(event) => change({ cancellationReason: event.currentTarget.value || undefined })}
              data={[
                { value: '', label: t('setup.choose') },
                ...reasons.map((reason) => ({ value: reason, label: t(`setup.reason_${reason}`) })),
                { value: 'ask', label: t('setup.reason_ask') },
              ]}
            />
          )}
        </Stack>
        <Foot>
          <ActionButton variant="default" onClick={() => go('amazon')}>
            {t('setup.back')}
          </ActionButton>
          <Text size="sm" role="status">
            {open === 0 ? t('setup.allAnswered') : t('setup.openQuestions', { count: open })}
          </Text>
          <ActionButton type="submit" disabled={open > 0}>
            {t('setup.next')}
          </ActionButton>
        </Foot>
      </form>
    </Stack>
  );
}

/** How many needed answers are missing; the server checks the same again before anything is tried. */
function openOf(answers: OrderAnswers, { marketplaces, account }: Questions): number {
  const missing = [
    answers.goLiveAt,
    answers.marketplaceRecord,
    ...itemRoles.filter((role) => role !== 'tax').map((role) => answers.items[role]),
    ...marketplaces.flatMap(({ id }) => {
      const market = answers.marketplaces[id];
      return [
        market?.locationId,
        market?.marketplaceLocationId,
        account.oneWorld ? market?.subsidiaryId : 'none',
        market?.taxMode === 'suitetax-override' ? market.taxCodeId : 'none',
        market?.taxMode === 'suitetax-override' ? market.taxTypeId : 'none',
      ];
    }),
    answers.tellCancellations ? answers.cancellationReason : 'none',
  ];
  return missing.filter((answer) => !answer).length;
}

function Marketplace({
  name,
  market,
  questions,
  suggested,
  change,
}: {
  readonly name: string;
  readonly market: Market;
  readonly questions: Questions;
  readonly suggested: Market | undefined;
  readonly change: (part: Partial<Market>) => void;
}) {
  const { lists, account } = questions;
  const listField = (
    field: 'customerId' | 'subsidiaryId' | 'locationId' | 'marketplaceLocationId',
    list: string,
    label: string,
    rest: { help?: string; required?: boolean; empty?: string } = {},
  ) => (
    <ListField
      label={label}
      list={lists[list]}
      value={market[field]}
      suggested={market[field] !== undefined && market[field] === suggested?.[field]}
      {...rest}
      onChange={(value) => change({ [field]: value })}
    />
  );
  return (
    <fieldset className="su-fieldset">
      <legend>{name}</legend>
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {account.oneWorld &&
            listField('subsidiaryId', 'subsidiary', t('setup.qSubsidiary'), { required: true })}
          {listField('customerId', 'customer', t('setup.qCustomer'), { help: t('setup.qCustomerHelp') })}
          {listField('locationId', 'location', t('setup.qLocation'), { required: true })}
          {listField('marketplaceLocationId', 'location', t('setup.qFba'), { required: true })}
        </SimpleGrid>
        <Radio.Group
          label={t('setup.qTax')}
          withAsterisk
          value={market.taxMode}
          onChange={(taxMode) => change({ taxMode })}
        >
          <Stack gap="xs" mt={6}>
            {taxModes
              .filter((mode) => mode !== 'suitetax-override' || account.suiteTax)
              .map((mode) => (
                <Radio
                  key={mode}
                  value={mode}
                  label={t(`setup.qTax_${mode}`)}
                  description={t(`setup.qTax_${mode}Help`)}
                />
              ))}
          </Stack>
        </Radio.Group>
        {market.taxMode === 'suitetax-override' && (
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <ListField
              label={t('setup.qTaxCode')}
              list={lists['tax-code']}
              required
              value={market.taxCodeId}
              onChange={(taxCodeId) => change({ taxCodeId })}
            />
            <TextInput
              label={t('setup.qTaxType')}
              required
              inputMode="numeric"
              value={market.taxTypeId ?? ''}
              onChange={(event) => change({ taxTypeId: event.currentTarget.value.trim() || undefined })}
            />
          </SimpleGrid>
        )}
      </Stack>
    </fieldset>
  );
}
