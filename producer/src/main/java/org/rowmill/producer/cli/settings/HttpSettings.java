package org.rowmill.producer.cli.settings;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.rowmill.broker.PortRange;
import org.rowmill.producer.monitor.HttpToken;
import org.rowmill.producer.options.HttpOptions;
import org.rowmill.schemas.WrongInput;
import picocli.CommandLine.Option;

/** Options of the metrics server. */
public final class HttpSettings {

    @Option(
            names = "--http-port",
            paramLabel = "N",
            description = "port of /metrics (default: first free port of the range)")
    private @Nullable Integer port;

    @Option(
            names = "--http-address",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            converter = Converters.LocalAddress.class,
            description = "address of this computer for /metrics; any address but loopback requires --http-token-file"
                    + " (default: ${DEFAULT-VALUE})")
    private InetAddress address;

    @Option(
            names = "--http-token-file",
            paramLabel = "FILE",
            description = "serve metrics only to clients that send the token in this file (Authorization: Bearer"
                    + " TOKEN); create the file if it is missing")
    private @Nullable Path tokenFile;

    @Option(
            names = "--no-http",
            arity = Flag.ARITY,
            paramLabel = Flag.OFF,
            fallbackValue = Flag.ON,
            description = "serve no metrics")
    private boolean noHttp;

    /** Created by picocli. */
    HttpSettings() {}

    /**
     * Returns the options; empty: no metrics.
     *
     * @throws WrongInput if they do not fit together
     */
    public Optional<HttpOptions> options() {
        if (port != null) {
            try {
                new PortRange(port, 1);
            } catch (IllegalArgumentException e) {
                throw new WrongInput("--http-port " + port + ": " + e.getMessage());
            }
        }
        if (!noHttp && tokenFile != null && Files.exists(tokenFile)) {
            HttpToken.of(tokenFile); // reports an unusable token before anything starts
        }
        HttpOptions options = new HttpOptions(
                address, port == null ? OptionalInt.empty() : OptionalInt.of(port), Optional.ofNullable(tokenFile));
        return noHttp ? Optional.empty() : Optional.of(options);
    }
}
