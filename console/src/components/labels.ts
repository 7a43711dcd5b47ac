interface Label { name: string; value: string }

/** Labels as people type them: "team=media, tier=1". A word without a value is a label, too. */
export function parseLabels(text: string): Label[] {
  return text.split(',').map((each) => each.trim()).filter(Boolean).map((each) => {
    const at = each.search(/[=:]/);
    return at < 0 ? { name: each, value: '' } : { name: each.slice(0, at).trim(), value: each.slice(at + 1).trim() };
  });
}
export const writeLabel = ({ name, value }: Label) => (value === '' ? name : `${name}=${value}`);
export const writeLabels = (labels: readonly Label[]) => labels.map(writeLabel).join(', ');
