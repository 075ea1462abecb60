package org.rowmill.producer.options;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.rowmill.schemas.WrongInput;

/**
 * Where metrics are served.
 *
 * @param address an address of this computer
 * @param port the port; empty: the first free port of the range
 * @param tokenFile contains the token that clients must send; empty: no token is required, allowed on loopback only
 */
public record HttpOptions(InetAddress address, OptionalInt port, Optional<Path> tokenFile) {
    public HttpOptions {
        if (!address.isLoopbackAddress() && tokenFile.isEmpty()) {
            throw new WrongInput("--http-address " + address.getHostAddress()
                    + ": other computers could read the metrics. Require a token: --http-token-file FILE (Rowmill"
                    + " creates the file if it is missing)");
        }
    }
}
