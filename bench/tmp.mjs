for (const n of ["dispatch","http"]) { const {run}=await import(`./${n}/bench-tmp.mjs`); await run({smoke:false}); }
