import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ApiError } from '../services/transport';
import { useI18n } from '../i18n/i18n';
import { Copy } from './parts';

/** What the hub said went wrong, in the place of what it should have answered. The rest of the page works. */
export function RegionError({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const { t } = useI18n();
  const api = error instanceof ApiError ? error : undefined;
  const text = api?.kind === 'UNREACHABLE' ? t('error.unreachable') : error.message;
  return (
    <Alert type="error" header={t('error.title')} action={onRetry && <Button onClick={onRetry}>{t('error.again')}</Button>}>
      <SpaceBetween size="xxs">
        <span>{text}</span>
        {api && api.kind !== 'UNREACHABLE' && (
          <Box fontSize="body-s" color="text-body-secondary">{api.code}{api.requestId && <> · {t('error.request')} <Copy text={api.requestId} /></>}</Box>
        )}
      </SpaceBetween>
    </Alert>
  );
}
