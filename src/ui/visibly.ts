import type * as vscode from 'vscode';
import { oneLine } from './format';

/** A row whose texts show everything that is in them: names and remarks come from outside. */
export function visibly<T extends vscode.TreeItem>(item: T): T {
  if (typeof item.label === 'string') item.label = oneLine(item.label);
  if (typeof item.description === 'string') item.description = oneLine(item.description);
  if (typeof item.tooltip === 'string') item.tooltip = oneLine(item.tooltip);
  const { accessibilityInformation: read } = item;
  if (read) item.accessibilityInformation = { ...read, label: oneLine(read.label) };
  return item;
}
