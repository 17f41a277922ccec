// Which buyers' data is kept until when, who has looked at it, and how is it removed on request?
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PersonalKept } from '../../../src/api/contract/people.ts';
import { call, queries } from '../../api.ts';
import { Asked } from '../../parts/asked.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { PageHead, Section } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { day, exactMoment, t } from '../../words/index.ts';

export function PersonalPage() {
  const [orderId, setOrderId] = useState('');
  const [asking, setAsking] = useState(false);
  const erase = async () => {
    const { documents } = await call<{ documents: number }>('POST', '/personal/erase', {
      orderId: orderId.trim(),
    });
    toast(t('house.erased', { count: documents }));
    setOrderId('');
    await queries.invalidateQueries({ queryKey: ['personal'] });
  };
  return (
    <Stack gap="xl">
      <PageHead title={t('house.personal')} hint={t('house.keptHint')} />
      <Asked<PersonalKept> path="/personal">
        {(kept) => (
          <>
            <Section title={t('house.kept')}>
              {kept.connections.length === 0 && <Text size="sm">{t('house.keptNone')}</Text>}
              {kept.connections.map((one) => (
                <Text key={one.connectionId} size="sm">
                  <b>{one.connectionId}</b>: {t('house.documents', { count: Number(one.documents) })} ·{' '}
                  {t('house.nextGone', { when: day(one.nextExpiry), last: day(one.lastExpiry) })}
                </Text>
              ))}
            </Section>
            <Section title={t('house.views')}>
              {kept.views.length === 0 && <Text size="sm">{t('house.viewsNone')}</Text>}
              {kept.views.map((one) => (
                <Text key={`${one.at} ${one.subject}`} size="sm">
                  {exactMoment(one.at)} · {one.actor} · <span className="cd-mono">{one.subject}</span>
                </Text>
              ))}
            </Section>
          </>
        )}
      </Asked>
      <Section title={t('house.erase')}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            setAsking(true);
          }}
        >
          <Group align="flex-end">
            <TextInput
              label={t('house.orderId')}
              required
              minLength={3}
              value={orderId}
              onChange={(event) => setOrderId(event.currentTarget.value)}
            />
            <Button type="submit" color="red" variant="light">
              {t('house.erase')}
            </Button>
          </Group>
        </form>
      </Section>
      <Confirm
        opened={asking}
        title={t('house.erase')}
        label={t('house.eraseNow')}
        danger
        run={erase}
        close={() => setAsking(false)}
      >
        <Text size="sm">{t('house.eraseHint')}</Text>
        <Text size="sm" className="cd-mono">
          {orderId}
        </Text>
      </Confirm>
    </Stack>
  );
}
