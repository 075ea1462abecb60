package org.rowmill.mounter.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.rowmill.schemas.world.World;

/** The shell scripts that run on nodes. They are resources of this module. */
final class NodeScripts {

    private static final NodeFile AGENT =
            NodeFile.of("agent.sh", (World.script() + text("agent.sh")).getBytes(StandardCharsets.UTF_8), ".sh");

    private NodeScripts() {}

    /** Returns the node agent: it supervises the consumer and the mount of a run, with the functions of {@link World#script()}. */
    static NodeFile agent() {
        return AGENT;
    }

    /** Returns the script that prints what a node has. */
    static String probe() {
        return machine() + text("probe.sh");
    }

    /** Returns the script that defines {@code say_machine}. */
    static String machine() {
        return text("machine.sh");
    }

    private static String text(String name) {
        try (InputStream in = NodeScripts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
