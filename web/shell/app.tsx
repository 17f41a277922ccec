// What holds every page: theme, questions to the API, addresses. The language changes without leaving the page.
import '@mantine/core/styles.css';
import './styles.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { queries } from '../api.ts';
import { Toasts } from '../parts/toast.tsx';
import { useLanguage } from '../words/index.ts';
import { router } from './router.tsx';
import { theme } from './theme.ts';

export function App() {
  const language = useLanguage();
  return (
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <QueryClientProvider client={queries}>
          <RouterProvider key={language} router={router} />
          <Toasts />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>
  );
}
