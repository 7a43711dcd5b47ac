import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { follow } from '../app/router';
import { useI18n } from '../i18n/i18n';

/** A thing that is not there, or no longer. */
export function Missing({ title, text }: { title: string; text: string }) {
  const { t } = useI18n();
  return (
    <Box textAlign="center" padding={{ vertical: 'xxxl' }}>
      <SpaceBetween size="m">
        <Box variant="h1">{title}</Box>
        <Box color="text-body-secondary">{text}</Box>
        <Button href="/overview" onFollow={follow}>{t('notfound.back')}</Button>
      </SpaceBetween>
    </Box>
  );
}
