// How a figure stands, in a word and a colour.
import { Badge } from '@mantine/core';
import type { OfferState } from '../../../src/api/contract/stock.ts';
import { t } from '../../words/index.ts';

const colours: Readonly<Record<OfferState, string>> = {
  told: 'teal',
  waiting: 'yellow',
  sending: 'blue',
  refused: 'red',
  marketplace: 'gray',
  'no-item': 'orange',
  gone: 'gray',
};

export const StockState = ({ state }: { readonly state: OfferState }) => (
  <Badge
    variant="light"
    radius="sm"
    color={colours[state]}
    c="var(--mantine-color-text)"
    style={{ textTransform: 'none' }}
  >
    {t(`stock.is.${state}`)}
  </Badge>
);
