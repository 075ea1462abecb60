package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Passes a testbed of three ordinary nodes to constructors and methods of test classes. All classes of a JVM that need
 * no other nodes share it; the JVM takes it down after its last test. Tests restore the nodes that they alter.
 */
final class SharedTestbed implements ParameterResolver, AfterAllCallback {

    static final int NODES = 3;

    /** TCP repeats what a cut node did not get after as long as it has tried: {@code TCP_RTO_MAX} of Linux. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static Store store(ExtensionContext context) {
        // Failsafe executes each class as a test plan of its own, so a store of the plan would end with the class.
        return context.getStore(StoreScope.LAUNCHER_SESSION, Namespace.create(SharedTestbed.class));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Testbed.class;
    }

    @Override
    public Testbed resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return store(context).getOrComputeIfAbsent(Testbed.class, type -> Testbed.up(NODES), Testbed.class);
    }

    /** Checks the nodes after a class. If one is not as before, fails and takes the testbed down. */
    @Override
    public void afterAll(ExtensionContext context) {
        Testbed testbed = store(context).get(Testbed.class, Testbed.class);
        if (testbed == null || context.getRequiredTestClass().getEnclosingClass() != null) {
            return;
        }
        try {
            for (int node = 1; node <= NODES; node++) {
                assertUsable(testbed, node);
            }
        } catch (AssertionError e) {
            store(context).remove(Testbed.class);
            testbed.close();
            throw e;
        }
    }

    private static void assertUsable(Testbed testbed, int node) {
        assertThat(testbed.trySsh(node, "true").exitCode())
                .as("exit code of ssh to node %d", node)
                .isZero();
        testbed.awaitNoProcesses(node, LIMIT);
        assertThat(testbed.exec(node, "ls -A /tmp"))
                .as("files in /tmp of node %d", node)
                .isBlank();
    }
}
