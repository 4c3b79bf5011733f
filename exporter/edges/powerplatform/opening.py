"""Opens the back end that writes connectors, as the settings say; nothing is sent yet."""

from __future__ import annotations

from collections.abc import Mapping

from exporter.edges.http import Http
from exporter.edges.powerplatform.environments import Environments
from exporter.edges.powerplatform.secrecy import Mask
from exporter.edges.sign_in import sign_in
from exporter.ports import Connectors
from exporter.settings.clouds import cloud_of
from exporter.settings.settings import Backend, DeployerSettings, Secret


def open_connectors(
    deployer: DeployerSettings, client_secret: Secret, environ: Mapping[str, str], http: Http, mask: Mask
) -> Connectors:
    """Give the connectors of the environment that `deployer` names; `client_secret` is the connectors' own."""
    token = sign_in(deployer, environ, http, mask).token
    cloud = cloud_of(deployer.cloud, environ, deployer.endpoints)
    environments = Environments(http, cloud, token)
    if deployer.backend is Backend.POWER_APPS:
        from exporter.edges.powerapps import PowerAppsConnectors
        from exporter.edges.powerplatform.power_apps_api import PowerAppsApi

        apps = PowerAppsApi(http, cloud, lambda: environments.id_of(deployer.environment), token, mask)
        return PowerAppsConnectors(apps, client_secret=client_secret, mask=mask)
    from exporter.edges.dataverse import DataverseConnectors
    from exporter.edges.powerplatform.web_api import WebApi

    api = WebApi(
        http,
        lambda: environments.address_of(deployer.environment),
        token,
        (client_secret.reveal(),),
        client_id=deployer.client_id,
    )
    return DataverseConnectors(api, solution=deployer.solution, client_secret=client_secret, mask=mask)
