// Who is here? Somebody signed in sees the house with its pages; anybody else the door.
import { Center } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { askMe, Refusal } from '../api.ts';
import { Trouble } from '../parts/trouble.tsx';
import { Door } from './door.tsx';
import { House } from './house.tsx';

export function Shell() {
  const { data, error, isPending, refetch } = useQuery(askMe());
  if (isPending) return null;
  if (data) return <House me={data} />;
  if (error instanceof Refusal && error.status === 401) return <Door />;
  return (
    <Center mih="100vh" p="md" component="main">
      {error && <Trouble error={error} retry={() => void refetch()} />}
    </Center>
  );
}
