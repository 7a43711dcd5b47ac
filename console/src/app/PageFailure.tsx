import { Component, type ReactNode } from 'react';
import type { ErrorComponentProps } from '@tanstack/react-router';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Box from '@cloudscape-design/components/box';
import { useI18n } from '../i18n/i18n';

function Failure({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const { t } = useI18n();
  // A build that was replaced while this page was open no longer has the script that the page asks for.
  const isStale = /dynamically imported module|module script|error loading/i.test(error.message);
  return (
    <Box padding="l">
      <Alert type={isStale ? 'info' : 'error'} header={t(isStale ? 'failure.stale' : 'failure.title')}
        action={<Button onClick={isStale ? () => location.reload() : onRetry}>{t(isStale ? 'connection.reload' : 'error.again')}</Button>}>
        {isStale ? t('connection.upgraded') : t('failure.text', { message: error.message })}
      </Alert>
    </Box>
  );
}
/** In place of a page that threw; the shell stays. */
export const PageFailure = ({ error, reset }: ErrorComponentProps) => <Failure error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />;

/** In place of a part of a page that threw; the rest of the page works. */
export class Boundary extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};
  static getDerivedStateFromError(error: Error) { return { error }; }
  override render() {
    return this.state.error ? <Failure error={this.state.error} onRetry={() => this.setState({ error: undefined })} /> : this.props.children;
  }
}
