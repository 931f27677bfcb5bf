// The table of changes against the runtime. In one file, since loading the generator and the runtime takes longer than the tests.
import "./declared-errors.fixture.js";
import "./stored-data.fixture.js";
import "./rest-clients.fixture.js";
import "./running-sagas.fixture.js";
