// What is a marketplace called? Ids are shown by the names that the connectors know.
import { useQuery } from '@tanstack/react-query';
import type { Marketplace } from '../../src/api/contract/overview.ts';
import { ask } from '../api.ts';

export const askMarketplaces = () => ({
  ...ask<{ items: readonly Marketplace[] }>('/marketplaces'),
  staleTime: Number.POSITIVE_INFINITY,
});

export function useMarketplaces(): (id: string | null | undefined) => string {
  const { data } = useQuery(askMarketplaces());
  return (id) => data?.items.find((one) => one.id === id)?.name ?? id ?? '–';
}
