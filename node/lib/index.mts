// One set of classes: what `import` gives is what `require` gives.
export * from './index.js';
