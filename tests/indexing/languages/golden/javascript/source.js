/** Routes requests; written to show what JavaScript says about names. */
'use strict';

const fs = require('fs'), { join, sep: separator } = require('path');
import React, { useState as state, useEffect } from 'react';
import * as tools from './tools';
import './polyfill';

var app = exports = module.exports = {};
let counter = 0, LIMIT = 10;

/**
 * Makes a router.
 *
 * @param {object} options what it can do
 */
function createRouter(options = defaults, { strict, mount: path = '/' }, ...rest) {
  this.stack = [];
  const layer = new Layer(path, handle);
  for (const one of rest.items) one.attach(this);
  for (const key in options) delete options[key];
  try { layer.start(); } catch (error) { report(error); }
  return strict ? layer : Router.default;
}

app.use = function use(fn) {
  const self = this;
  setTimeout(() => fn(self), 10);
  return this.handlers['run'](fn, function () { return counter; });
};

Router.prototype.route = function (path) {
  return this.dispatch(path)?.then((result) => result.value);
};

exports.listen = async (port) => {
  await app.server.listen(port);
  const [host, , name] = address();
  return { host, port, close() { stop(host); }, open: () => start(name) };
};

// The base of every layer.
class Layer extends tools.Base {
  static count = 0;
  #secret = 1;
  handler = (request) => this.handle(request);

  constructor(path, fn) {
    super(path);
    this.path = path;
    this.fn = fn || noop;
  }

  get name() { return this.fn.name; }

  async *walk(tree) {
    yield tree.root;
    yield* super.walk(tree);
    this.#secret = tree;
  }
}

const View = ({ title }) => <Layer.Frame title={title} onClick={counterUp}><b>{title}</b></Layer.Frame>;

module.exports.tables = { get: createRouter, nested: { deep() { return 1; } }, 'a-b': function () {} };

export const handlers = [app.use, createRouter];
export { LIMIT as limit, counter };
export { get, post as send } from './verbs';
export * from './all';
export default class extends Layer {}

require('./late')(app);
import('./lazy').then((lazy) => lazy.run());
(function outer() { counter += 1; })();
