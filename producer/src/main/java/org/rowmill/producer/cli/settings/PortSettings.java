package org.rowmill.producer.cli.settings;

import org.rowmill.broker.PortRange;
import org.rowmill.schemas.WrongInput;
import picocli.CommandLine.Option;

/** Ports on which this computer may listen: options that several commands share. */
public final class PortSettings {

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "11000",
            description = "first port of the range (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--port-count",
            paramLabel = "N",
            defaultValue = "500",
            description = "number of ports in the range (default: ${DEFAULT-VALUE})")
    private int portCount;

    /** Created by picocli. */
    PortSettings() {}

    /**
     * Returns the range.
     *
     * @throws WrongInput if it is not a range of ports
     */
    public PortRange range() {
        try {
            return new PortRange(port, portCount);
        } catch (IllegalArgumentException e) {
            throw new WrongInput("--port " + port + " --port-count " + portCount + ": " + e.getMessage());
        }
    }
}
