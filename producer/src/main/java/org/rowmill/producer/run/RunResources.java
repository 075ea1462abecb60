package org.rowmill.producer.run;

import org.rowmill.producer.console.Console;
import org.rowmill.schemas.Resources;

/** Creates the resources of a run. A resource that cannot be closed causes a warning. */
final class RunResources {

    private RunResources() {}

    static Resources create(Console console) {
        return new Resources(e -> console.warn("the run did not end cleanly: " + e));
    }
}
