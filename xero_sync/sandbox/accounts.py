"""The chart of accounts, VAT rates and the organisation itself on the wire."""

from datetime import date

from xero_sync.sandbox.chart_uk import CLASS_OF_TYPE
from xero_sync.sandbox.organisation import XeroOrganisation
from xero_sync.sandbox.records import Account, TaxRate
from xero_sync.sandbox.wire import JsonObject, date_time, plain_date, present

ACTIONS = (
    "CreateApprovedInvoice",
    "CreateDraftInvoice",
    "CreateRepeatingInvoice",
    "CreateInvoicePayment",
    "CreateApprovedBill",
    "CreateDraftBill",
    "CreateRepeatingBill",
    "CreateSentQuote",
    "CreateDraftQuote",
    "CreateApprovedPurchaseOrder",
    "CreateDraftPurchaseOrder",
    "AttachFilesIntoInvoice",
    "UseMulticurrency",
)


def wire_account(account: Account) -> JsonObject:
    is_bank = account.type == "BANK"
    return {
        "AccountID": account.account_id,
        "Code": account.code,
        "Name": account.name,
        "Status": account.status,
        "Type": account.type,
        "TaxType": account.tax_type,
        **present(
            Description=account.description,
            SystemAccount=account.system_account,
            BankAccountNumber=account.bank_account_number,
            BankAccountType="BANK" if is_bank else None,
            CurrencyCode=account.currency_code,
        ),
        "Class": CLASS_OF_TYPE[account.type],
        "EnablePaymentsToAccount": account.enable_payments,
        "ShowInExpenseClaims": False,
        "ReportingCode": "",
        "ReportingCodeName": "",
        "HasAttachments": False,
        "UpdatedDateUTC": date_time(account.updated),
        "AddToWatchlist": False,
    }


def wire_tax_rate(rate: TaxRate) -> JsonObject:
    can_apply = {
        f"CanApplyTo{plural}": name in rate.classes
        for plural, name in (
            ("Assets", "ASSET"),
            ("Equity", "EQUITY"),
            ("Expenses", "EXPENSE"),
            ("Liabilities", "LIABILITY"),
            ("Revenue", "REVENUE"),
        )
    }
    component = {
        "Name": "VAT",
        "Rate": rate.rate,
        "IsCompound": False,
        "IsNonRecoverable": False,
    }
    return {
        "Name": rate.name,
        "TaxType": rate.tax_type,
        **can_apply,
        "DisplayTaxRate": rate.rate,
        "EffectiveRate": rate.rate,
        "Status": rate.status,
        "TaxComponents": [component],
    }


def wire_organisation(org: XeroOrganisation) -> JsonObject:
    profile = org.profile
    short_code = "!" + profile.tenant_id.replace("-", "")[:5].upper()
    return {
        "Name": profile.name,
        "LegalName": profile.name,
        "PaysTax": True,
        "Version": "UK",
        "OrganisationType": "COMPANY",
        "BaseCurrency": profile.base_currency,
        "CountryCode": "GB",
        "IsDemoCompany": False,
        "OrganisationStatus": "ACTIVE",
        "FinancialYearEndDay": 31,
        "FinancialYearEndMonth": 3,
        "SalesTaxBasis": "ACCRUALS",
        "SalesTaxPeriod": "QUARTERLY",
        "DefaultSalesTax": "Tax Exclusive",
        "DefaultPurchasesTax": "Tax Exclusive",
        **present(
            PeriodLockDate=_lock(profile.period_lock_date),
            EndOfYearLockDate=_lock(profile.end_of_year_lock_date),
        ),
        "CreatedDateUTC": date_time(profile.created),
        "OrganisationEntityType": "COMPANY",
        "Timezone": "GMTSTANDARDTIME",
        "ShortCode": short_code,
        "OrganisationID": profile.tenant_id,
        "Edition": "BUSINESS",
        "Class": "PREMIUM",
        "LineOfBusiness": "Trades",
        "Addresses": [],
        "Phones": [],
        "ExternalLinks": [],
        "PaymentTerms": {},
    }


def wire_actions(org: XeroOrganisation) -> list[JsonObject]:
    refused = org.profile.forbidden_actions
    return [
        {"Name": name, "Status": "NOT-ALLOWED" if name in refused else "ALLOWED"}
        for name in ACTIONS
    ]


def _lock(day: date | None) -> str | None:
    return plain_date(day) if day else None
