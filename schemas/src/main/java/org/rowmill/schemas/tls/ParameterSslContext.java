package org.rowmill.schemas.tls;

import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.activemq.artemis.spi.core.remoting.ssl.SSLContextConfig;
import org.apache.activemq.artemis.spi.core.remoting.ssl.SSLContextFactory;

/**
 * Takes the {@link SSLContext} of a transport from the parameters of that transport. Artemis by itself reads keys and
 * certificates from files only, but those of a run are in memory. Artemis finds this class as a service.
 */
public final class ParameterSslContext implements SSLContextFactory {

    private static final String PARAMETER = "rowmill.sslContext";

    /** Higher than the priority of the factory in Artemis. */
    private static final int PRIORITY = 100;

    /** Called by {@link java.util.ServiceLoader}. */
    public ParameterSslContext() {}

    /**
     * Enables TLS 1.3 for a transport, and no older version.
     *
     * @param parameters parameters of the transport, to which this method adds
     * @param context keys and trusted certificates
     */
    public static void enableTls(Map<String, Object> parameters, SSLContext context) {
        parameters.put("sslEnabled", true);
        parameters.put("enabledProtocols", "TLSv1.3");
        parameters.put(PARAMETER, context);
    }

    @Override
    public SSLContext getSSLContext(SSLContextConfig config, Map<String, Object> parameters) {
        if (parameters.get(PARAMETER) instanceof SSLContext context) {
            return context;
        }
        throw new IllegalArgumentException("a transport with TLS needs the parameter " + PARAMETER);
    }

    @Override
    public int getPriority() {
        return PRIORITY;
    }
}
