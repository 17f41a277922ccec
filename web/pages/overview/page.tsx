// How does today compare with a usual day, and what needs a person? Each number opens the records behind it.
import { Alert, Grid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Overview } from '../../../src/api/contract/overview.ts';
import { ask, askMe, withQuery } from '../../api.ts';
import { Block } from '../../parts/asked.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { t, timeZone } from '../../words/index.ts';
import { Figures } from './figures.tsx';
import { Causes, Connections, Quotas, UnderWay } from './health.tsx';
import { Hours } from './hours.tsx';
import './overview.css';

export function OverviewPage() {
  const demo = useQuery(askMe()).data?.demo === true;
  const { data, error, refetch } = useQuery(ask<Overview>(withQuery('/overview', { tz: timeZone() })));
  return (
    <Stack gap="md">
      <PageHead title={t('shell.overview')} hint={demo ? t('overview.demo') : undefined} />
      {data ? (
        <Whole overview={data} />
      ) : error ? (
        <Trouble error={error} retry={() => void refetch()} />
      ) : (
        <Skeleton />
      )}
    </Stack>
  );
}

const Skeleton = () => (
  <>
    <div className="cd-figures">
      {[0, 1, 2, 3].map((one) => (
        <Block key={one} height={118} />
      ))}
    </div>
    <Block height={320} />
    <Block height={240} />
  </>
);

function Whole({ overview }: { readonly overview: Overview }) {
  return (
    <>
      {overview.workers.alive === 0 && (
        <Alert color="red" variant="light" title={t('overview.noWorker')}>
          {t('overview.noWorkerStep')}
        </Alert>
      )}
      <Figures overview={overview} />
      <Hours overview={overview} />
      <Grid gap="md">
        {[Causes, UnderWay, Connections, Quotas].map((Part) => (
          <Grid.Col key={Part.name} span={{ base: 12, md: 6 }}>
            <Part overview={overview} />
          </Grid.Col>
        ))}
      </Grid>
    </>
  );
}
