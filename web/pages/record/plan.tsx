// What would become of an order that is not stored: decision, amounts, request with origins. For the page that imports
// by hand; a stored record's page shows the same parts.

import { Stack, Text } from '@mantine/core';
import type { DryRun } from '../../../src/api/contract/records.ts';
import { Steps } from '../../parts/trouble.tsx';
import { saidProblem } from '../../words/server.ts';
import { AmountsPanel } from './amounts.tsx';
import { RequestPanel } from './request.tsx';
import './record.css';

export const Plan = ({
  plan,
  flowId = '',
  connectionId = '',
}: {
  readonly plan: DryRun;
  readonly flowId?: string;
  readonly connectionId?: string;
}) => (
  <Stack>
    <Text fw={600} className="cd-mono">
      {plan.channelOrderId}
    </Text>
    {plan.problem && (
      <div className="cd-problem">
        <Text fw={600}>{saidProblem(plan.problem)}</Text>
        <Steps steps={plan.problem.nextSteps} />
      </div>
    )}
    {plan.amounts && <AmountsPanel amounts={plan.amounts} />}
    {!plan.problem && <RequestPanel plan={plan} sent={undefined} context={{ flowId, connectionId }} />}
  </Stack>
);
