import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useI18n } from '../i18n/i18n';

/** As the hub's own rule says; it also refuses passwords that leaked. */
export const passwordLengthMin = 12;

export function NewPassword({ label, value, error, stretch = false, onChange }: { label: string; value: string; error?: string; stretch?: boolean; onChange: (value: string) => void }) {
  const { t } = useI18n();
  return (
    <FormField label={label} stretch={stretch} constraintText={t('field.password.length', { n: passwordLengthMin })} errorText={error}>
      <Input value={value} type="password" autoComplete="new-password" onChange={({ detail }) => onChange(detail.value)} />
    </FormField>
  );
}
