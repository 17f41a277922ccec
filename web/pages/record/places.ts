// Where is a value changed? The API names the place (`lookup:item-alias/AB-1`); the console knows its page.
import type { Search } from '../../parts/link.tsx';
import { pages } from '../../routes.tsx';

const hasPage = (path: string): boolean => pages.some((page) => page.path === path);

export function placeOf(
  place: string,
  { flowId, connectionId }: { readonly flowId: string; readonly connectionId: string },
): { readonly to: string; readonly search: Search } | undefined {
  const [kind = '', rest = ''] = place.split(/:(.*)/s);
  if (kind === 'lookup' && hasPage('/lookups')) {
    const [name = '', key = ''] = rest.split(/\/(.*)/s);
    return { to: '/lookups', search: { connection: connectionId, name, q: key } };
  }
  if ((kind === 'override' || kind === 'setting') && hasPage('/mappings'))
    return { to: '/mappings', search: { flow: flowId, field: rest } };
  if (hasPage('/flows')) return { to: '/flows', search: {} };
  return undefined;
}
