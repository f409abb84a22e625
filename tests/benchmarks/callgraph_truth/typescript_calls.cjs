// The calls of a TypeScript project as the compiler resolves them:
// node typescript_calls.cjs FOLDER-OF-TYPESCRIPT ROOT OUT [FOLDER…]
// Names follow the rule of the command line, and what it says of functions that are values: the variable, field or key that
// gets one names it.

const fs = require("node:fs");
const path = require("node:path");
const ts = require(process.argv[2]);

const root = path.resolve(process.argv[3]);
const folders = process.argv.length > 5 ? process.argv.slice(5) : ["."];
const files = [];
for (const folder of folders) collect(path.join(root, folder));

function collect(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== "node_modules" && !entry.name.startsWith(".")) collect(full);
    } else if (/\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts")) files.push(full);
  }
}

const program = ts.createProgram(files, {
  target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.esnext.d.ts", "lib.dom.d.ts"], strict: true, noEmit: true, skipLibCheck: true, types: [], esModuleInterop: true,
});
const checker = program.getTypeChecker();
const own = new Set(files.map((file) => path.resolve(file)));
const sources = program.getSourceFiles().filter((source) => own.has(path.resolve(source.fileName)));
const names = new Map();
const callers = {};
const calls = new Set();
const indirect = {};
const overriders = new Map();

const isFunctionValue = (node) => ts.isArrowFunction(node) || ts.isFunctionExpression(node);
const relative = (source) => path.relative(root, source.fileName).split(path.sep).join("/");
const lineOf = (source, at) => source.getLineAndCharacterOfPosition(at).line + 1;

function key(name) {
  return name.getText().replace(/^[[\]'"` \n]+|[[\]'"` \n]+$/g, "");
}

/** The path of names that an object literal or a value is given where it stands. */
function given(node) {
  let at = node;
  while (ts.isParenthesizedExpression(at.parent) || (ts.isBinaryExpression(at.parent) && isAssignment(at.parent)
    && at.parent.right === at && ts.isBinaryExpression(at.parent.parent) && isAssignment(at.parent.parent))) at = at.parent;
  const parent = at.parent;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name.text;
  if (ts.isPropertyDeclaration(parent)) return isFunctionValue(node) || ts.isClassExpression(node) ? key(parent.name) : "";
  if (ts.isExportAssignment(parent)) return isFunctionValue(node) || ts.isClassExpression(node) ? "default" : "";
  if (ts.isPropertyAssignment(parent)) return join(given(parent.parent), key(parent.name));
  if (ts.isBinaryExpression(parent) && isAssignment(parent) && parent.right === at) {
    const left = parent.left.getText();
    if (!/^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/.test(left)) return "";
    if (left === "module.exports") return "default";
    return left.replace(/^(module\.)?exports\./, "").replace(/^this\./, "").replace(/\.prototype\./, ".");
  }
  return "";
}

const isAssignment = (node) => node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
const join = (...parts) => parts.filter((part) => part && part !== "default").join(".");

function ownName(node, frame) {
  if (ts.isConstructorDeclaration(node)) return "constructor";
  if (ts.isFunctionDeclaration(node)) return node.name ? node.name.text : "default";
  if (ts.isClassDeclaration(node)) return node.name ? node.name.text : "default";
  if (isFunctionValue(node) || ts.isClassExpression(node)) {
    const name = given(node) || (node.name ? node.name.text : "");
    if (name) return name;
    return ts.isClassExpression(node) ? "<class>" : `<lambda${++frame.lambdas}>`;
  }
  if (ts.isObjectLiteralExpression(node.parent)) return join(given(node.parent), key(node.name));
  return key(node.name);
}

const opens = (node) => (ts.isFunctionLike(node) && !ts.isFunctionTypeNode(node) && !ts.isConstructorTypeNode(node)
  && !ts.isIndexSignatureDeclaration(node) && !ts.isCallSignatureDeclaration(node)
  && !ts.isConstructSignatureDeclaration(node) && !ts.isJSDocSignature(node))
  || ts.isClassLike(node) || ts.isInterfaceDeclaration(node) || ts.isModuleDeclaration(node) || ts.isEnumDeclaration(node);

function walk(source, visit) {
  const module = relative(source).replace(/\.tsx?$/, "").split("/").join(".");
  visit(source, module, module);
  (function inside(node, frame) {
    ts.forEachChild(node, (child) => {
      let next = frame;
      if (opens(child) && !(ts.isMethodSignature(child) && !ts.isInterfaceDeclaration(child.parent))) {
        next = { name: `${frame.name}.${ownName(child, frame)}`, lambdas: 0 };
      }
      visit(child, next.name, frame.name);
      inside(child, next);
    });
  })(source, { name: module, lambdas: 0 });
}

for (const source of sources) {
  walk(source, (node, name, outer) => {
    if (name === outer && node !== source) return;
    names.set(node, name);
    const place = [relative(source), lineOf(source, node.getStart()), lineOf(source, node.end)];
    (callers[name] ||= []).push(place);
  });
}

for (const source of sources) {
  walk(source, (node) => {
    if (!ts.isClassLike(node) && !ts.isInterfaceDeclaration(node)) return;
    const above = new Set();
    (function collect(type) {
      for (const base of (type.symbol?.declarations ?? [])) {
        for (const clause of base.heritageClauses ?? []) {
          for (const one of clause.types) {
            const found = checker.getTypeAtLocation(one);
            if (!above.has(found)) { above.add(found); collect(found); }
          }
        }
      }
    })(checker.getTypeAtLocation(node));
    const type = checker.getTypeAtLocation(node);
    for (const base of above) {
      for (const property of base.getProperties?.() ?? []) {
        for (const mine of type.getProperty?.(property.name)?.declarations ?? []) {
          for (const other of property.declarations ?? []) {
            const name = names.get(value(mine));
            if (name && mine !== other) {
              if (!overriders.has(other)) overriders.set(other, new Set());
              overriders.get(other).add(name);
            }
          }
        }
      }
    }
  });
}

function value(declaration) {
  return declaration.initializer && isFunctionValue(declaration.initializer) ? declaration.initializer : declaration;
}

function add(caller, callee, kind) {
  calls.add(JSON.stringify([caller, callee, kind]));
}

for (const source of sources) {
  walk(source, (node, name, outer) => {
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node) && !ts.isTaggedTemplateExpression(node)) return;
    const caller = outer;
    const declaration = checker.getResolvedSignature(node)?.declaration;
    let found = declaration && names.get(declaration);
    if (!found && ts.isNewExpression(node)) {
      const made = checker.getSymbolAtLocation(node.expression);
      const real = made && made.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(made) : made;
      found = real?.declarations?.map((one) => ts.isClassLike(one) && names.get(one)).find(Boolean);
    }
    if (found) {
      const virtual = ts.isMethodSignature(declaration ?? node) || ts.isMethodDeclaration(declaration ?? node);
      add(caller, found, virtual ? "virtual" : "direct");
    } else {
      const place = (indirect[relative(source)] ||= new Set());
      const isOutside = declaration && !own.has(path.resolve(declaration.getSourceFile().fileName));
      if (!isOutside) for (let at = lineOf(source, node.getStart()); at <= lineOf(source, node.end); at++) place.add(at);
    }
    for (const other of (declaration && overriders.get(declaration)) ?? []) add(caller, other, "override");
  });
}

const lines = Object.fromEntries(Object.entries(indirect).map(([name, found]) => [name, [...found]]));
fs.writeFileSync(process.argv[4], JSON.stringify({ callers, calls: [...calls].map((one) => JSON.parse(one)), indirect: lines }));
const errors = sources.reduce((count, source) => count + program.getSemanticDiagnostics(source).length, 0);
console.error(`${sources.length} files, ${errors} errors`);
