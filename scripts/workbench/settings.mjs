/** User settings of a quiet editor: nothing that opens by itself, asks, or looks for the network. */
export const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'js/ts.tsserver.automaticTypeAcquisition.enabled': false,
  'typescript.disableAutomaticTypeAcquisition': true,
};
