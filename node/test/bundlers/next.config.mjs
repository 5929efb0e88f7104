export default {
  output: 'standalone',
  serverExternalPackages: ['packshot'],
  outputFileTracingIncludes: { '/*': ['./node_modules/onnxruntime-node/{package.json,bin/**}'] },
};
