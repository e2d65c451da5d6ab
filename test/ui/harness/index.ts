import { enterJourney } from './journal';
import { launch, launchForTest } from './launch';
import type { Session, WorkbenchOptions } from './launch';
import type { Workbench } from './workbench';

export { guard, ownKey } from './canary';
export { eventually } from './wait';
export type { Workbench, WorkbenchOptions };
export type { ContextMenu } from './menu';
export type { Editor } from './editor';
export type { Notification } from './notifications';
export type { QuickPickRow } from './quickInput';
export type { TreeRow, TreeView } from './tree';

/** Inside a `describe`: one workbench for all its tests. Call the result to get it. */
export function useWorkbench(
  options: WorkbenchOptions | (() => WorkbenchOptions | Promise<WorkbenchOptions>) = {},
): () => Workbench {
  let session: Session | undefined;
  before('open the workbench', async function () {
    this.timeout(120_000);
    enterJourney(this.test?.file);
    session = await launch(typeof options === 'function' ? await options() : options);
  });
  after('close the workbench', () => session?.close());
  return () => {
    if (!session) throw new Error('The workbench opens before the first test, not earlier.');
    return session.workbench;
  };
}

/** Inside a test: a workbench of its own, which is closed when the test is over. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  return (await launchForTest(options)).workbench;
}
