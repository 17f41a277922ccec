// Back from Amazon's page: the code and the state are handed over at once, and taken out of the address.
import { Loader, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { call, queries } from '../../api.ts';
import { ButtonLink } from '../../parts/link.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Steps, Trouble } from '../../parts/trouble.tsx';
import { t } from '../../words/index.ts';
import { testConnection } from './netsuite.tsx';

export function AuthorisationReturn() {
  const navigate = useNavigate();
  const sent = useRef(new URLSearchParams(location.search));
  const begun = useRef(false);
  const state = sent.current.get('state');
  const code = sent.current.get('spapi_oauth_code');
  const sellerId = sent.current.get('selling_partner_id');
  const complete = useMutation({
    mutationFn: async () => {
      const done = await call<{ setupId: string | null; connectionId: string | null }>(
        'POST',
        '/authorisations/complete',
        { state, code, ...(sellerId ? { sellerId } : {}) },
      );
      if (done.setupId) {
        const { items } = await call('GET', '/setups');
        const setup = items.find((one: { id: string }) => one.id === done.setupId);
        // The test follows at once: what is missing should show while the page at Amazon is still in mind.
        if (setup?.channelConnectionId)
          await testConnection(done.setupId, setup.channelConnectionId, 'amazonWorks').catch(() => undefined);
      }
      return done;
    },
    onSuccess: async (done) => {
      await queries.invalidateQueries();
      void navigate(
        done.setupId
          ? ({ to: '/set-up', search: { id: done.setupId, step: 'amazon' }, replace: true } as never)
          : ({ to: `/connections/${done.connectionId}`, replace: true } as never),
      );
    },
  });
  useEffect(() => {
    if (begun.current || !state || !code) return;
    begun.current = true;
    history.replaceState(null, '', location.pathname);
    complete.mutate();
  }, [state, code, complete.mutate]);
  const refused = !state || !code;
  return (
    <Stack>
      <PageHead title={refused || complete.error ? t('setup.azReturnFailed') : t('setup.azTitle')} />
      {refused ? (
        <>
          <Text>{t('setup.azRefused')}</Text>
          <Steps steps={[t('setup.azRefusedStep')]} />
        </>
      ) : complete.error ? (
        <Trouble error={complete.error} />
      ) : (
        <div role="status">
          <Loader size="sm" /> <Text span>{t('setup.azReturning')}</Text>
        </div>
      )}
      {(refused || complete.error) && (
        <div>
          <ButtonLink to="/set-up" variant="default">
            {t('setup.azBackToSetup')}
          </ButtonLink>
        </div>
      )}
    </Stack>
  );
}
